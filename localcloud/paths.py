"""Where the local cloud keeps its state."""

from __future__ import annotations

import os
from pathlib import Path


def checkout() -> Path:
    """The folder that holds `.local/`: the working directory unless `SLIPWAY_ROOT` names another."""
    return Path(os.environ.get("SLIPWAY_ROOT", Path.cwd())).resolve()


def local() -> Path:
    """`.local/`, made when it is missing; everything in it may be deleted by `local reset`."""
    folder = checkout() / ".local"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def folder(*parts: str) -> Path:
    """A folder below `.local/`, made when it is missing."""
    path = local().joinpath(*parts)
    path.mkdir(parents=True, exist_ok=True)
    return path


def git_host() -> Path:
    """The bare repository that stands for the Git host: every repository URL means this one."""
    return folder("git") / "repository.git"


def write_atomically(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace a file whole or not at all, also when the disk is full or the process is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            temporary.chmod(mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
