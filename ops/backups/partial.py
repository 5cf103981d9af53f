"""What lies where backups lie and is none: parts without a manifest, and uploads that have not ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from ops.backups.manifest import FILE, RETENTIONS, is_id
from ops.backups.store import time_of
from ops.doors.leftovers import Leftovers, Unfinished
from ops.doors.objects import Entry, Objects


@dataclass
class Partial:
    """By its id: a backup that is being made, or one that never was."""

    id: str
    objects: list[Entry] = field(default_factory=list)
    uploads: list[Unfinished] = field(default_factory=list)

    @property
    def started(self) -> datetime:
        return time_of(self.id)

    @property
    def moved(self) -> datetime:
        """When something of it was stored or begun last."""
        times = [*(one.modified for one in self.objects), *(one.began for one in self.uploads)]
        return max(times, default=self.started)

    @property
    def size(self) -> int:
        """Bytes of its objects; of uploads S3 tells none."""
        return sum(one.size for one in self.objects)


def partials(objects: Objects, leftovers: Leftovers, environment: str) -> list[Partial]:
    """Oldest first."""
    found: dict[str, Partial] = {}
    whole: set[str] = set()
    for retention in RETENTIONS:
        prefix = f"{retention}/{environment}/"
        for name, entry in _by_id(objects.list(prefix), prefix):
            found.setdefault(name, Partial(name)).objects.append(entry)
            if entry.key == f"{prefix}{name}/{FILE}":
                whole.add(name)
        for name, upload in _by_id(leftovers.uploads(prefix), prefix):
            found.setdefault(name, Partial(name)).uploads.append(upload)
    for name in whole:  # of a whole one only an upload can be a leftover
        found[name].objects.clear()
    return sorted((one for one in found.values() if one.objects or one.uploads), key=lambda one: one.id)


One = TypeVar("One", Entry, Unfinished)


def _by_id(entries: Iterator[One], prefix: str) -> Iterator[tuple[str, One]]:
    for entry in entries:
        name = entry.key.removeprefix(prefix).partition("/")[0]
        if is_id(name):
            yield name, entry
