"""The Dockerfile of a commit built by the engine, for services that build their branch."""

from __future__ import annotations

import json
import os
import shutil
import threading
from pathlib import Path

from localcloud.docker import engine_image, ours
from localcloud.docker.engine import Engine
from localcloud.render.runtime.containers import images
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.processes.commands import run
from localcloud.render.runtime.values import BUILD_SECONDS, Build, Log, Release

MARK = "image"  # the folder of a build that the engine holds


def carry_out(
    engine: Engine, build: Build, top: Path, context: Path, dockerfile: Path, log: Log, cancelled: threading.Event
) -> Release:
    """Build it; its files go, since the image has them."""
    name = _name(build.service_id, build.deploy_id)
    where = [f"--file={dockerfile}", f"--tag={name}", f"--label={ours.label()}", str(context)]
    code, lines = run(
        f"build-{build.service_id}-{build.deploy_id}",
        engine.command("build", *engine_image.options(), *where),
        env={**os.environ, **engine_image.ENVIRONMENT},
        folder=context,
        log=log,
        timeout=BUILD_SECONDS,
        cancelled=cancelled,
        shown=lambda: "docker build",
    )
    if code != 0:
        raise RuntimeFailure(f"`{build.dockerfile_path}` could not be built: docker ended with {code}", lines)
    config = json.loads(engine.do("image", "inspect", "--format={{json .Config}}", name))
    shutil.rmtree(top)
    (top / MARK).mkdir(parents=True)
    command = tuple(config.get("Entrypoint") or ()) + tuple(config.get("Cmd") or ())
    return Release(top / MARK, command, {}, None, build.commit, image=name, user=images.user_of(config))


def forget(top: Path) -> None:
    """Let go of what the engine has of the build in that folder, `SERVICE/DEPLOY`; nothing where it built none."""
    if (top / MARK).is_dir():
        images.forget(_name(top.parent.name, top.name))


def _name(service_id: str, deploy_id: str) -> str:
    return f"slipway/{service_id}:{deploy_id}"
