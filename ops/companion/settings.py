"""What the companion is told, by variables: all that is wrong is told at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.errors import WRONG_USE, ExplainedError
from infra.application import APPLICATION

BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?")
PLATFORMS = ("render", "compose")
SOCKET = "unix:///var/run/docker.sock"


@dataclass(frozen=True)
class Bucket:
    """Where dumps are laid down, in S3."""

    name: str
    prefix: str


@dataclass(frozen=True)
class Settings:
    """Checked."""

    watch: Path | Bucket
    state_file: Path | None
    """None: in the bucket that is watched, beside the claims."""
    services: tuple[str, ...]
    """In the order in which they are started; stopped are the last ones first."""
    platform: str
    poll_interval: float = 10
    stop_timeout: float = 30
    """Seconds in which a service has to have stopped; then its process is ended, or the restore given up."""
    stop_wait: float = 5
    """Seconds that are let pass once all have stopped, for connections to end."""
    start_wait: float = 120
    """Seconds in which a service has to be up again."""
    project: str = APPLICATION.name
    docker_host: str = SOCKET


class Reader:
    """Takes variables one by one, and remembers what was wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def take(self, name: str, parse: Callable[[str], Any], default: Any = None) -> Any:
        """One, parsed; an empty one counts as not set, and is wrong where there is no default."""
        text = self._environ.get(name, "").strip()
        if not text:
            if default is None:
                self.problems.append(f"{name}: missing")
            return default
        try:
            return parse(text)
        except ValueError as error:
            self.problems.append(f"{name}: {error}")
            return default


def read(environ: Mapping[str, str]) -> Settings:
    """The settings, or everything that is wrong with them."""
    reader = Reader(environ)
    compose = environ.get("COMPOSE_PROJECT_NAME", "") or APPLICATION.name
    watch = reader.take("RESTORE_WATCH_DIR", _watch)
    in_bucket = isinstance(watch, Bucket) and not environ.get("RESTORE_STATE_FILE", "").strip()
    found = {
        "watch": watch,
        "state_file": None if in_bucket else reader.take("RESTORE_STATE_FILE", _state_file),
        "services": reader.take("RESTORE_SERVICES", _names),
        "platform": reader.take("RESTORE_PLATFORM", _platform, "render"),
        "poll_interval": reader.take("RESTORE_POLL_INTERVAL", _seconds(0.1), Settings.poll_interval),
        "stop_timeout": reader.take("RESTORE_STOP_TIMEOUT", _seconds(1), Settings.stop_timeout),
        "stop_wait": reader.take("RESTORE_STOP_WAIT_SECONDS", _seconds(0), Settings.stop_wait),
        "start_wait": reader.take("RESTORE_START_WAIT_SECONDS", _seconds(1), Settings.start_wait),
        "project": reader.take("RESTORE_COMPOSE_PROJECT", str, compose),
        "docker_host": reader.take("DOCKER_HOST", _docker_host, SOCKET),
    }
    if found["platform"] == "compose" and not environ.get("DATABASE_URL"):
        reader.problems.append("DATABASE_URL: missing")
    if reader.problems:
        count = len(reader.problems)
        raise ExplainedError(
            f"cannot start the companion: {count} {'variable is' if count == 1 else 'variables are'} wrong",
            "".join(f"\n  {one}" for one in reader.problems),
            hint="docs/runbooks/companion.md lists them",
            code=WRONG_USE,
        )
    return Settings(**found)


def _watch(text: str) -> Path | Bucket:
    if text.startswith("s3:"):
        found = BUCKET.fullmatch(text)
        if not found:
            raise ValueError("must be s3://BUCKET/PREFIX")
        prefix = (found[2] or "").strip("/")
        return Bucket(found[1], f"{prefix}/" if prefix else "")
    path = _absolute(text)
    if not path.is_dir():
        raise ValueError("is no folder")
    if not os.access(path, os.R_OK | os.X_OK):
        raise ValueError("is a folder that we may not read")
    return path


def _state_file(text: str) -> Path:
    path = _absolute(text)
    if path.is_dir():
        raise ValueError("is a folder, and has to be a file in one")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
        raise ValueError(f"needs a folder {path.parent} in which we may write")
    return path


def _absolute(text: str) -> Path:
    path = Path(text)
    if not path.is_absolute():
        raise ValueError("must be an absolute path")
    return path


def _names(text: str) -> tuple[str, ...]:
    names = tuple(part for part in re.split(r"[,\s]+", text) if part)
    if len(set(names)) < len(names):
        raise ValueError("names a service twice")
    return names


def _platform(text: str) -> str:
    if text not in PLATFORMS:
        raise ValueError(f"must be one of {', '.join(PLATFORMS)}")
    return text


def _docker_host(text: str) -> str:
    if not text.startswith(("unix:///", "tcp://")):
        raise ValueError("must be unix:///PATH or tcp://HOST:PORT")
    return text


def _seconds(least: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text) or float(text) < least:
            raise ValueError(f"must be a number of seconds, {least:g} or more")
        return float(text)

    return parse
