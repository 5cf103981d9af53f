"""Makes something to run from a commit: unpacked, its start command read, its build command run."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from localcloud.docker.engine_image import choose
from localcloud.images import dockerfile
from localcloud.machine import paths
from localcloud.render.runtime.containers import builds as engine_builds
from localcloud.render.runtime.failures import RuntimeFailure, explained
from localcloud.render.runtime.processes.commands import run
from localcloud.render.runtime.processes.environment import environment
from localcloud.render.runtime.releases import git, python_env
from localcloud.render.runtime.releases.unused import delete, unused
from localcloud.render.runtime.values import BUILD_SECONDS, Build, Log, Release


def carry_out(build: Build, log: Log, cancelled: threading.Event) -> Release:
    """Unpack the commit; read its Dockerfile, or build it natively."""
    top = _unpacked(build, log)
    try:
        folder = _below(top, build)
        if build.dockerfile_path is not None:
            return _from_dockerfile(build, top, folder, log, cancelled)
        _run(build, folder, log, cancelled)
        if build.publish_path is not None:
            return Release(_published(top, folder, build.publish_path or "public"), (), {}, None, build.commit)
        return Release(folder, _started(build), {}, None, build.commit)
    except BaseException:
        shutil.rmtree(top, ignore_errors=True)
        raise


def remove(service_id: str) -> None:
    """Forget everything that was built for a service."""
    made = paths.folder("render", "builds") / service_id
    for top in made.glob("*"):
        engine_builds.forget(top)
    shutil.rmtree(made, ignore_errors=True)


def forget(used: Collection[Path]) -> None:
    """Delete the builds that hold none of these folders and were made long ago."""
    for folder in unused(paths.folder("render", "builds").glob("*/*"), used):
        engine_builds.forget(folder)
        delete(folder)


def _unpacked(build: Build, log: Log) -> Path:
    """What is outside of the root directory is not there, as at Render. https://render.com/docs/monorepo-support"""
    top = paths.folder("render", "builds", build.service_id) / build.deploy_id
    with explained(f"cannot unpack commit {build.commit}"):
        shutil.rmtree(top, ignore_errors=True)
        top.mkdir()
        log(f"checking out commit {build.commit}")
        try:
            git.export(build.commit, top, build.root_dir.strip("/"))
        except BaseException:
            shutil.rmtree(top, ignore_errors=True)
            raise
    return top


def _below(top: Path, build: Build) -> Path:
    folder = (top / build.root_dir.strip("/")).resolve()
    if not folder.is_relative_to(top.resolve()):
        raise RuntimeFailure(f"the root directory `{build.root_dir}` leads outside the repository")
    if not folder.is_dir():
        raise RuntimeFailure(f"the root directory `{build.root_dir}` does not exist in commit {build.commit}")
    return folder


def _published(top: Path, folder: Path, publish_path: str) -> Path:
    published = (folder / publish_path).resolve()
    if not published.is_relative_to(top.resolve()):
        raise RuntimeFailure(f"the publish path `{publish_path}` leads outside the repository")
    if not published.is_dir():
        raise RuntimeFailure(f"the publish path `{publish_path}` does not exist after the build")
    return published


def _started(build: Build) -> tuple[str, ...]:
    return ("/bin/sh", "-c", build.start_command) if build.start_command.strip() else ()


def _from_dockerfile(build: Build, top: Path, folder: Path, log: Log, cancelled: threading.Event) -> Release:
    path = _dockerfile(folder, str(build.dockerfile_path), build.commit)
    with explained(f"cannot build `{build.dockerfile_path}`"):
        chosen = choose(path)
    if chosen.engine:
        log(f"building `{build.dockerfile_path}` {chosen}")
        made = engine_builds.carry_out(chosen.engine, build, top, folder, path, log, cancelled)
        return replace(made, command=_started(build) or made.command)
    start = _parsed(path, build)
    python_env.programs(folder, log, cancelled)
    env = {name: value for name, value in start.env.items() if name != "PATH"}  # of folders in the image
    return Release(folder, _started(build) or start.argv, env, None, build.commit)


def _dockerfile(folder: Path, dockerfile_path: str, commit: str) -> Path:
    path = (folder / dockerfile_path).resolve()  # relative to the service's root directory, as at Render
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise RuntimeFailure(f"there is no Dockerfile at `{dockerfile_path}` in commit {commit}")
    return path


def _parsed(path: Path, build: Build) -> dockerfile.Start:
    try:
        return dockerfile.parse(path.read_text())
    except dockerfile.DockerfileError as error:
        raise RuntimeFailure(f"cannot run `{build.dockerfile_path}` of commit {build.commit}: {error}") from error


def _run(build: Build, folder: Path, log: Log, cancelled: threading.Event) -> None:
    programs = python_env.programs(folder, log, cancelled)
    if not build.build_command.strip():
        return
    log(f"running build command `{build.build_command}`")
    code, lines = run(
        f"build-{build.service_id}-{build.deploy_id}",
        ["/bin/sh", "-c", build.build_command],
        env=environment(build.env, programs=programs, build=True),
        folder=folder,
        log=log,
        timeout=BUILD_SECONDS,
        cancelled=cancelled,
        shown=lambda: "the build command",
    )
    if code != 0:
        raise RuntimeFailure(f"the build command `{build.build_command}` failed with exit code {code}", lines)
