"""The doors to where a copy of media is kept: a bucket, or a folder. What is put is put once, and whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from console.errors import REFUSED, ExplainedError
from ops.doors.objects import Objects

CHUNK = 256 * 1024


class Store(Protocol):
    """Where a copy is kept; `place` is a path in it."""

    def size(self, place: str) -> int | None:
        """In bytes; None where there is nothing."""

    def put(self, place: str, chunks: Iterator[bytes]) -> int:
        """Keep it there; what is there already stays. Returns the size of what is there."""

    def read(self, place: str) -> Iterator[bytes]:
        """What is there."""

    def list(self, below: str) -> Iterator[tuple[str, int]]:
        """All places that begin so, in the order of their bytes, with their sizes."""

    def finish(self) -> None:
        """Have all arrived that was put."""


class BucketStore:
    """Below a prefix in a bucket."""

    def __init__(self, objects: Objects, prefix: str) -> None:
        self._objects, self._prefix = objects, prefix

    def size(self, place: str) -> int | None:
        """Asked anew each time."""
        found = self._objects.head(self._prefix + place)
        return found.size if found else None

    def put(self, place: str, chunks: Iterator[bytes]) -> int:
        """The bucket itself refuses a second one, whoever writes at the same time."""
        try:
            return self._objects.put(self._prefix + place, chunks, once=True).size
        except ExplainedError as error:
            there = self.size(place) if error.code == REFUSED else None
            if there is None:
                raise
            return there

    def read(self, place: str) -> Iterator[bytes]:
        """As a stream."""
        return self._objects.read(self._prefix + place)

    def list(self, below: str) -> Iterator[tuple[str, int]]:
        """As the bucket lists."""
        for one in self._objects.list(self._prefix + below):
            yield one.key.removeprefix(self._prefix), one.size

    def aged(self, below: str) -> Iterator[tuple[str, int, datetime]]:
        """As the bucket lists."""
        for one in self._objects.list(self._prefix + below):
            yield one.key.removeprefix(self._prefix), one.size, one.modified

    def delete(self, place: str) -> None:
        """For who may; a versioned bucket keeps it for a while."""
        self._objects.delete(self._prefix + place)

    def finish(self) -> None:
        """Each had arrived when it was put."""


class FolderStore:
    """A folder of this machine, or one that is mounted."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def size(self, place: str) -> int | None:
        """Of the file."""
        with suppress(FileNotFoundError):
            return (self._root / place).stat().st_size
        return None

    def put(self, place: str, chunks: Iterator[bytes]) -> int:
        """Under another name until it is whole and on the disk."""
        path = self._root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with draft.open("xb") as file:
                for chunk in chunks:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        return path.stat().st_size

    def read(self, place: str) -> Iterator[bytes]:
        """Of the file."""
        path = self._root / place
        if not path.is_file():
            raise ExplainedError(f"cannot read {path}", "there is no such file")
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def list(self, below: str) -> Iterator[tuple[str, int]]:
        """Drafts are not told of."""
        yield from sorted(self._files(below))

    def aged(self, below: str) -> Iterator[tuple[str, int, datetime]]:
        """By when each file was written."""
        for place, size in self.list(below):
            yield place, size, datetime.fromtimestamp((self._root / place).stat().st_mtime, UTC)

    def delete(self, place: str) -> None:
        """Of the file."""
        (self._root / place).unlink(missing_ok=True)

    def finish(self) -> None:
        """Each was on the disk when it was put."""

    def _files(self, below: str) -> Iterator[tuple[str, int]]:
        for folder, _, names in os.walk(self._root / below):
            for name in names:
                if not name.startswith("."):
                    path = Path(folder, name)
                    yield str(path.relative_to(self._root)), path.stat().st_size
