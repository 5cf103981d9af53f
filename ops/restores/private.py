"""What a restore lays down for a moment: a file without a name where the system has that, else a folder of our own.

A killed restore leaves nothing of the first. What it leaves of the second is swept by the next one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

PREFIX = "slipway-restore-"


@contextmanager
def unnamed(chunks: Iterable[bytes]) -> Iterator[Path]:
    """A file that other programs read by that path, as often as they like, and that ends with this process."""
    sweep()
    with tempfile.TemporaryFile() as file:
        path = Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")
        if _opens(path):
            _write(file, chunks)
            yield path
            return
    with folder() as place:
        path = place / "file"
        with path.open("wb") as named:
            _write(named, chunks)
        yield path


@contextmanager
def folder() -> Iterator[Path]:
    """Ours alone, and gone afterwards; what killed restores have left goes first."""
    sweep()
    place, held = _made()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(held)


def sweep() -> None:
    """Take away the folders of ours that no living process holds."""
    for place in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if place.stat(follow_symlinks=False).st_uid == os.getuid():
                held = _hold(place, wait=False)
                shutil.rmtree(place, ignore_errors=True)
                os.close(held)


def _made() -> tuple[Path, int]:
    while True:
        place = Path(tempfile.mkdtemp(prefix=PREFIX))
        held = _hold(place, wait=True)
        if place.exists():  # else another one has swept it before we held it
            return place, held
        os.close(held)


def _hold(place: Path, *, wait: bool) -> int:
    """A lock that ends with its process."""
    import fcntl

    held = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(held)
        raise
    return held


def _opens(path: Path) -> bool:
    try:
        path.open("rb").close()
    except OSError:
        return False
    return True


def _write(file: IO[bytes], chunks: Iterable[bytes]) -> None:
    for chunk in chunks:
        file.write(chunk)
    file.flush()
