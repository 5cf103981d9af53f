"""Makes something to run from a commit: unpacked, its start command read, its build command run."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Collection, Mapping
from pathlib import Path

from localcloud import dockerfile
from localcloud.machine import paths
from localcloud.render.runtime import git, python_env
from localcloud.render.runtime.commands import run
from localcloud.render.runtime.environment import environment
from localcloud.render.runtime.failures import explained
from localcloud.render.runtime.unused import delete, unused
from localcloud.render.runtime_protocol import Log, Release, RuntimeFailure

BUILD_SECONDS = 7200.0


def build(
    *,
    commit: str,
    root_dir: str,
    build_command: str,
    start_command: str,
    env: Mapping[str, str],
    log: Log,
    dockerfile_path: str | None,
    service_id: str,
    deploy_id: str,
    cancelled: threading.Event,
) -> Release:
    """Unpack the commit and build it natively, or read its Dockerfile."""
    top = _unpacked(commit, service_id, deploy_id, log)
    try:
        folder = _below(top, root_dir, commit)
        if dockerfile_path is not None:
            declared = _dockerfile(folder, dockerfile_path, commit)
            command = ("/bin/sh", "-c", start_command) if start_command.strip() else declared.argv
            python_env.programs(folder, log, cancelled)
            env = {name: value for name, value in declared.env.items() if name != "PATH"}  # of folders in the image
            return Release(folder, command, env, None, commit)
        _run(build_command, folder, env, log, cancelled, service_id, deploy_id)
        return Release(folder, ("/bin/sh", "-c", start_command) if start_command.strip() else (), {}, None, commit)
    except BaseException:
        shutil.rmtree(top, ignore_errors=True)
        raise


def build_static(
    *,
    service_id: str,
    commit: str,
    root_dir: str,
    build_command: str,
    publish_path: str,
    env: Mapping[str, str],
    log: Log,
    deploy_id: str,
    cancelled: threading.Event,
) -> Path:
    """Build a static site and return the folder to publish."""
    top = _unpacked(commit, service_id, deploy_id, log)
    try:
        folder = _below(top, root_dir, commit)
        _run(build_command, folder, env, log, cancelled, service_id, deploy_id)
        return _published(top, folder, publish_path or "public")
    except BaseException:
        shutil.rmtree(top, ignore_errors=True)
        raise


def remove(service_id: str) -> None:
    """Forget everything that was built for a service."""
    shutil.rmtree(paths.folder("render", "builds") / service_id, ignore_errors=True)


def forget(used: Collection[Path]) -> None:
    """Delete the builds that hold none of these folders and were made long ago."""
    for folder in unused(paths.folder("render", "builds").glob("*/*"), used):
        delete(folder)


def _unpacked(commit: str, service_id: str, deploy_id: str, log: Log) -> Path:
    top = paths.folder("render", "builds", service_id) / deploy_id
    with explained(f"cannot unpack commit {commit}"):
        shutil.rmtree(top, ignore_errors=True)
        top.mkdir()
        log(f"checking out commit {commit}")
        try:
            git.export(commit, top)
        except BaseException:
            shutil.rmtree(top, ignore_errors=True)
            raise
    return top


def _below(top: Path, root_dir: str, commit: str) -> Path:
    folder = (top / root_dir.strip("/")).resolve()
    if not folder.is_relative_to(top.resolve()):
        raise RuntimeFailure(f"the root directory `{root_dir}` leads outside the repository")
    if not folder.is_dir():
        raise RuntimeFailure(f"the root directory `{root_dir}` does not exist in commit {commit}")
    return folder


def _published(top: Path, folder: Path, publish_path: str) -> Path:
    published = (folder / publish_path).resolve()
    if not published.is_relative_to(top.resolve()):
        raise RuntimeFailure(f"the publish path `{publish_path}` leads outside the repository")
    if not published.is_dir():
        raise RuntimeFailure(f"the publish path `{publish_path}` does not exist after the build")
    return published


def _dockerfile(folder: Path, dockerfile_path: str, commit: str) -> dockerfile.Start:
    path = (folder / dockerfile_path).resolve()  # relative to the service's root directory, as at Render
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise RuntimeFailure(f"there is no Dockerfile at `{dockerfile_path}` in commit {commit}")
    try:
        return dockerfile.parse(path.read_text())
    except dockerfile.DockerfileError as error:
        raise RuntimeFailure(f"cannot run `{dockerfile_path}` of commit {commit}: {error}") from error


def _run(
    command: str,
    folder: Path,
    env: Mapping[str, str],
    log: Log,
    cancelled: threading.Event,
    service_id: str,
    deploy_id: str,
) -> None:
    programs = python_env.programs(folder, log, cancelled)
    if not command.strip():
        return
    log(f"running build command `{command}`")
    code, lines = run(
        f"build-{service_id}-{deploy_id}",
        ["/bin/sh", "-c", command],
        env=environment(env, programs=programs, build=True),
        folder=folder,
        log=log,
        timeout=BUILD_SECONDS,
        cancelled=cancelled,
        shown=lambda: "the build command",
    )
    if code != 0:
        raise RuntimeFailure(f"the build command `{command}` failed with exit code {code}", lines)
