"""Images that only an engine can run: pulled by it with the service's own credential, which nothing keeps."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from console.errors import ExplainedError
from localcloud.docker.engine import NoEngineError, find
from localcloud.render.runtime.containers.container import NOBODY
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.values import Log

PULL_SECONDS = 1800.0
DOCKER_HUB = "https://index.docker.io/v1/"  # what its credentials are kept under


def have(image: str, host: str, login: Callable[[], tuple[str, str] | None], log: Log) -> None:
    """Have an image in the engine, by its digest; pulled with that login where it is missing."""
    try:
        engine = find()
    except NoEngineError as none:
        raise RuntimeFailure(
            f"cannot run {image}: this is not a source image, which runs as processes, and there is no container "
            f"engine to run it as a container ({none.why})"
        ) from none
    if engine.has(image):
        return
    log(f"the container engine {engine.version} pulls {image}")
    with tempfile.TemporaryDirectory(prefix="slipway-pull-") as folder:
        _keep(Path(folder, "config.json"), DOCKER_HUB if host == "docker.io" else host, login())
        try:
            engine.do(f"--config={folder}", "pull", "--quiet", image, seconds=PULL_SECONDS)
        except ExplainedError as error:
            raise RuntimeFailure(f"cannot pull {image}: {error}") from error


def has(image: str) -> bool:
    """Whether it is there to be run. Without an engine it is not."""
    try:
        return find().has(image)
    except NoEngineError:
        return False


def forget(image: str) -> None:
    """Let go of what was pulled by that name; what something else still names or runs stays."""
    try:
        find().ask("image", "rm", image)
    except NoEngineError:
        return


def user_of(config: dict[str, Any]) -> str:
    """Who an image runs as: never root, although Render would let it."""
    user = str(config.get("User") or "")
    return NOBODY if user.partition(":")[0] in ("", "0", "root") else user


def _keep(path: Path, host: str, login: tuple[str, str] | None) -> None:
    auths = {host: {"auth": base64.b64encode(":".join(login).encode()).decode()}} if login else {}
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - pathlib cannot open a file that nobody else may read from the start
        json.dump({"auths": auths}, file)
