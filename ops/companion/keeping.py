"""Where the companion's memory is: a file, or a bucket; what is there is whole at every moment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from console.errors import REFUSED, ExplainedError
from ops.doors.objects import Objects


class Keeping(Protocol):
    """The text that was kept last."""

    place: str
    shared: bool
    """Whether no lock keeps another companion from it."""

    def load(self) -> str | None:
        """None: nothing was kept yet."""

    def save(self, text: str) -> None:
        """In its place; once this returns, it outlives a kill."""


class InFile:
    """On a disk that stays."""

    shared = False

    def __init__(self, path: Path) -> None:
        self._path, self.place = path, str(path)

    def load(self) -> str | None:
        """All of it."""
        try:
            return self._path.read_text()
        except FileNotFoundError:
            return None

    def save(self, text: str) -> None:
        """Beside it first, then over it."""
        beside = self._path.with_name(f".{self._path.name}.new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class InBucket:
    """Below a prefix, numbered: each text is an object that is put once, and the last one counts.

    So nothing is written over, and of two companions with one memory the second to write is refused.
    """

    shared = True

    def __init__(self, objects: Objects, prefix: str) -> None:
        self._objects, self._prefix, self._number = objects, prefix, 0
        self.place = f"s3://{objects.name}/{prefix}"

    def load(self) -> str | None:
        """That with the highest number."""
        keys = [one.key for one in self._objects.list(self._prefix)]
        if not keys:
            self._number = 0
            return None
        self._number = int(keys[-1].removeprefix(self._prefix).removesuffix(".json"))
        return self._objects.get(keys[-1]).decode()

    def save(self, text: str) -> None:
        """As the next one."""
        number = self._number + 1
        key = f"{self._prefix}{number:010d}.json"
        try:
            self._objects.put(key, [text.encode()])
        except ExplainedError as error:
            found = self._objects.head(key)
            if found is None:
                raise
            if self._objects.get(key) != text.encode():  # else it was ours, and only the answer was lost
                raise ExplainedError(
                    "refused",
                    f"another companion is at work with {self.place}",
                    hint="one is enough; end the other one first",
                    code=REFUSED,
                ) from error
        self._number = number
