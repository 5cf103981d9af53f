"""The door to a folder in which others lay down files: what is there, who still writes, and who watches it."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROCESSES = Path("/proc")


@dataclass(frozen=True)
class File:
    """One, as it is now."""

    path: Path
    size: int
    modified: int
    """In nanoseconds."""


def files(folder: Path) -> list[File]:
    """Those directly in it; a link or a folder is none."""
    found = []
    for entry in os.scandir(folder):
        with suppress(FileNotFoundError):  # it went while we looked
            seen = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(seen.st_mode):
                found.append(File(Path(entry.path), seen.st_size, seen.st_mtime_ns))
    return found


def is_written(path: Path, processes: Path = PROCESSES) -> bool:
    """Whether a process of this machine, as far as we see them, has it open for writing; Linux tells that."""
    try:
        target = path.stat()
    except FileNotFoundError:
        return False
    for descriptor in processes.glob("[0-9]*/fd/*"):
        with suppress(OSError, ValueError, StopIteration):  # it ended, or is not ours to look at
            seen = descriptor.stat()
            if (seen.st_dev, seen.st_ino) == (target.st_dev, target.st_ino):
                told = (descriptor.parents[1] / "fdinfo" / descriptor.name).read_text()
                flags = int(next(line for line in told.splitlines() if line.startswith("flags:")).split()[1], 8)
                if flags & os.O_ACCMODE != os.O_RDONLY:
                    return True
    return False


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Whether we are the only one who holds a file or folder so; ends with us, however we end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
