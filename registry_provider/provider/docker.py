"""The one door to Docker: `docker buildx build --push`, with a configuration that only this one call sees."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry_provider.provider.ecr import password_of
from registry_provider.provider.errors import RegistryError
from registry_provider.provider.label import CONTENT

LAST_LINES = 25
END_SECONDS = 1.5  # less than the engine's grace for a plugin that it ends
_FOLDER = "slipway-docker-"
_NEEDED = "https://docs.docker.com/get-docker, with buildx and an engine that `docker info` reaches"


@dataclass(frozen=True)
class Build:
    """What is built, and the name that it is pushed by."""

    name: str
    context: str
    dockerfile: str
    platform: str
    content: str = ""
    """What the image is to say that it was built of; nothing where something else vouches for it."""


class Docker:
    """Builds and pushes. Whatever is in progress can be ended from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def require(self) -> None:
        """Say that there is no `docker` while that has not cost anything yet."""
        if shutil.which("docker") is None:
            raise RegistryError(
                "cannot build the image", "there is no `docker` on PATH", hint=f"install it: {_NEEDED}"
            )

    def push(self, build: Build, login: str, tell: Callable[[str], None]) -> None:
        """Build and push, or raise with the last lines that Docker said."""
        self.require()
        secrets = (login, password_of(login))
        with _configuration(build.name.partition("/")[0], login) as folder, self._started(build, folder) as process:
            last: deque[str] = deque(maxlen=LAST_LINES)
            for line in process.stdout or ():
                said = _without(secrets, line.rstrip())
                if said:
                    last.append(said)
                    tell(said)
            code = process.wait()
        if code != 0:
            why = "it was stopped" if self._stopped else f"docker ended with {code}"
            said = "".join(f"\n  {line}" for line in last)
            raise RegistryError(
                f"cannot build and push {build.name}",
                f"{why}{':' if said else ''}{said}",
                hint=f"mend what Docker says and run `pulumi up` again; it needs {_NEEDED}",
            )

    def stop(self) -> None:
        """End what is in progress, and start nothing more."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()

    @contextmanager
    def _started(self, build: Build, configuration: Path) -> Iterator[subprocess.Popen[str]]:
        with self._lock:
            if self._stopped:
                raise RegistryError(f"cannot build and push {build.name}", "it was stopped")
            process = subprocess.Popen(
                command(build),
                env=os.environ | {"DOCKER_CONFIG": str(configuration)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            self._running.add(process)
        try:
            yield process
        finally:
            with self._lock:
                self._running.discard(process)
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def command(build: Build) -> list[str]:
    """What is run. Without provenance what is pushed is one image, not an index with a part for no machine."""
    flags = ["--platform", build.platform, "--provenance=false", "--progress=plain", "--file", build.dockerfile]
    if build.content:
        flags += ["--label", f"{CONTENT}={build.content}"]
    return ["docker", "buildx", "build", "--push", *flags, "--tag", build.name, build.context]


@contextmanager
def _configuration(host: str, login: str) -> Iterator[Path]:
    """The user's own Docker configuration (builders, contexts, plugins, other logins) with this login in it.

    In a folder that only this user can read. What a killed run left of it goes with the next.
    """
    _sweep()
    theirs = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
    with tempfile.TemporaryDirectory(prefix=f"{_FOLDER}{os.getpid()}-") as name:
        folder = Path(name)
        for entry in theirs.iterdir() if theirs.is_dir() else ():
            if entry.name != "config.json":
                (folder / entry.name).symlink_to(entry.resolve())
        config = _read(theirs / "config.json")
        config["auths"] = {**(config.get("auths") or {}), host: {"auth": login}}
        # An empty helper: else a store for all hosts would be asked in place of this file.
        config["credHelpers"] = {**(config.get("credHelpers") or {}), host: ""}
        with open(os.open(folder / "config.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - pathlib cannot open a file that nobody else may read from the start
            json.dump(config, file)
        yield folder


def _read(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise RegistryError(
            "cannot build the image", f"{path} cannot be read: {error}", hint=f"mend {path}"
        ) from None
    return config if isinstance(config, dict) else {}


def _sweep() -> None:
    for left in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        with suppress(OSError, ValueError):
            if left.stat().st_uid == os.getuid() and not _lives(int(left.name.removeprefix(_FOLDER).split("-")[0])):
                shutil.rmtree(left)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _without(secrets: tuple[str, ...], line: str) -> str:
    for secret in secrets:
        line = line.replace(secret, "***")
    return line
