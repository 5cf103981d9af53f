"""The body of a request: in memory when it is small, else in a file that is gone with the request."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from localcloud.machine.paths import folder

LARGE = 4 << 20  # bytes from which on a body is kept on disk
_CHUNK = 1 << 20


class Payload(Protocol):
    """Bytes that can be read again and again, a little at a time."""

    def chunks(self) -> Iterator[bytes]:
        """All of them."""


class Held:
    """A body in memory."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def chunks(self) -> Iterator[bytes]:
        """It costs nothing more to give it as a whole."""
        yield self._content


class Spool:
    """A body on disk; it goes with the request, unless somebody takes its file over under another name."""

    def __init__(self) -> None:
        self._file, name = tempfile.mkstemp(dir=_folder())
        self.path = Path(name)
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> None:
        """Take more in. OSError: the disk is full."""
        self._hash.update(piece)
        self.size += len(piece)
        left = memoryview(piece)
        while left:
            left = left[os.write(self._file, left) :]

    def flush(self) -> None:
        """Have it on disk whatever happens. OSError: the disk is full."""
        os.fsync(self._file)

    @property
    def sha256(self) -> str:
        """What a signature says of it."""
        return self._hash.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """All of it, a little at a time."""
        for offset in range(0, self.size, _CHUNK):
            yield os.pread(self._file, _CHUNK, offset)

    def read(self) -> bytes:
        """All of it, for those who need it whole."""
        return b"".join(self.chunks())

    def close(self) -> None:
        """It is no longer needed."""
        os.close(self._file)
        self.path.unlink(missing_ok=True)


def forget_unfinished() -> None:
    """Delete what a process that was killed had begun to read. To be called before serving."""
    for path in _folder().iterdir():
        with suppress(FileNotFoundError):
            path.unlink()


def _folder() -> Path:
    return folder("aws", "incoming")
