"""Where the local cloud keeps its state."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import time
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077
PRIVATE = 0o700
REMOVE_SECONDS = 10.0
PAUSE = 0.05


def checkout() -> Path:
    """The folder that holds `.local/`: the working directory unless `SLIPWAY_ROOT` names another."""
    return Path(os.environ.get("SLIPWAY_ROOT", Path.cwd())).resolve()


def local() -> Path:
    """`.local/`, made when it is missing; everything in it may be deleted by `local reset`."""
    folder = checkout() / ".local"
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    _close(folder)
    return folder


def folder(*parts: str) -> Path:
    """A folder below `.local/`, made when it is missing."""
    path = local().joinpath(*parts)
    path.mkdir(parents=True, exist_ok=True)
    return path


def keep_private() -> None:
    """What this process and those that it starts make is their user's alone, whatever the shell says."""
    os.umask(OTHERS)


def close() -> None:
    """Take from everybody else what an earlier version has let them read; each folder after all that is in it."""
    for entry in local().iterdir():
        if entry.is_dir() and not entry.is_symlink() and entry.stat().st_mode & OTHERS:
            for folder, _, files in os.walk(entry, topdown=False):
                for path in (*(Path(folder, name) for name in files), Path(folder)):
                    _close(path)
        else:
            _close(entry)


def remove(path: Path, *, seconds: float = REMOVE_SECONDS) -> None:
    """Delete a folder with all that is in it, also what a process that is just ending still writes or deletes."""
    end = time.monotonic() + seconds
    while path.exists():
        try:
            shutil.rmtree(path)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.ENOENT) or time.monotonic() > end:
                raise
            time.sleep(PAUSE)


def _close(path: Path) -> None:
    with suppress(FileNotFoundError):  # what runs may delete a file at any time
        status = path.lstat()
        shared = stat.S_ISREG(status.st_mode) and status.st_nlink > 1  # the engine, which other checkouts use as well
        if status.st_mode & OTHERS and not stat.S_ISLNK(status.st_mode) and not shared:
            path.chmod(stat.S_IMODE(status.st_mode) & ~OTHERS)


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
