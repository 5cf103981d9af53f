"""Dumps that were laid down to be restored, and how one is told from another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from console.errors import REFUSED, ExplainedError
from infra.names import COMPANION, DROPS
from ops.doors import aws, drop_folder
from ops.doors.objects import Objects

ENDINGS = tuple(f"{kind}{packed}" for kind in (".sql", ".dump", ".db") for packed in ("", ".gz", ".zst"))


@dataclass(frozen=True)
class Drop:
    """One dump, as it was when it was looked at."""

    name: str
    size: int
    stamp: str
    """Of when it was written last: whoever wants it taken again writes or touches it."""
    path: Path | None = None
    read: Callable[[], Iterable[bytes]] = field(default=lambda: (), compare=False, repr=False)

    @property
    def identity(self) -> str:
        """What is remembered."""
        return f"{self.name}:{self.size}:{self.stamp}"


class Queue(Protocol):
    """Where they are laid down."""

    settles: bool
    """Whether one can be seen while it is still being written."""

    def found(self) -> Sequence[Drop]:
        """All that are there, the oldest first."""

    def is_open(self, drop: Drop) -> bool:
        """Whether somebody still writes to it, as far as that can be told."""

    def claim(self, drop: Drop, companion: str) -> bool:
        """Whether it is ours, and no other companion's."""


def is_dump(name: str) -> bool:
    """By its name; one that is hidden is somebody's own business."""
    return name.lower().endswith(ENDINGS) and not name.startswith(".")


class Folder:
    """A folder of this machine, or one that is mounted; whoever watches it has it locked."""

    settles = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def found(self) -> Sequence[Drop]:
        """Files directly in it."""
        there = [one for one in drop_folder.files(self._path) if is_dump(one.path.name)]
        ordered = sorted(there, key=lambda one: (one.modified, one.path.name))
        return [
            Drop(one.path.name, one.size, str(one.modified), one.path, read=partial(_pieces, one.path))
            for one in ordered
        ]

    def is_open(self, drop: Drop) -> bool:
        """Where this machine's system tells it."""
        return drop.path is not None and drop_folder.is_written(drop.path)

    def claim(self, drop: Drop, companion: str) -> bool:
        """The lock on the folder is enough."""
        return True


class Prefix:
    """A prefix of a bucket: an object is there when all of it is."""

    settles = False

    def __init__(self, objects: Objects, prefix: str) -> None:
        self._objects, self._prefix = objects, prefix

    def found(self) -> Sequence[Drop]:
        """Objects directly below it."""
        names = [(one, one.key.removeprefix(self._prefix)) for one in self._objects.list(self._prefix)]
        there = [(one, name) for one, name in names if "/" not in name and is_dump(name)]
        ordered = sorted(there, key=lambda pair: (pair[0].modified, pair[1]))
        return [
            Drop(name, one.size, one.modified.isoformat(), read=partial(self._objects.read, one.key))
            for one, name in ordered
        ]

    def is_open(self, drop: Drop) -> bool:
        """Never."""
        return False

    def claim(self, drop: Drop, companion: str) -> bool:
        """Whoever writes the claim first has it: S3 takes an object that must be new once."""
        try:
            return self._claimed(f"{self._prefix}{COMPANION}{drop.identity}", companion)
        except ExplainedError as error:
            if not aws.denied(error):
                raise
            claims = f"{self._objects.name}/{self._prefix}{COMPANION}"
            raise ExplainedError(
                f"refused to take {drop.name}",
                f"the companion has no right to its claims below s3://{claims}, so another one might take it as well",
                hint=f"give it s3:PutObject and s3:GetObject on arn:aws:s3:::{claims}*, as restore has in {DROPS}; "
                "docs/runbooks/companion.md has all that it needs",
                code=REFUSED,
            ) from error

    def _claimed(self, key: str, companion: str) -> bool:
        if self._objects.head(key) is None:
            try:
                self._objects.put(key, [companion.encode()])
            except ExplainedError:
                if self._objects.head(key) is None:
                    raise
        return self._objects.get(key).decode() == companion


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece
