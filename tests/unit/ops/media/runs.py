"""A run of a copy in memory, as the tests here make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyrage

from ops.media.copying import Copying, Counts, copy
from ops.media.entries import Entry
from ops.media.inventory import Column, Footer, Header, Inventory
from ops.media.kept import Shelf
from tests.support.media_fakes import FakeBucket, MemoryStore

IDENTITY: Any = pyrage.x25519.Identity.generate()
RECIPIENT = str(IDENTITY.to_public())


@dataclass
class Runs:
    """A bucket, its copy, and as many runs as a test needs."""

    bucket: FakeBucket
    store: MemoryStore = field(default_factory=MemoryStore)
    recipients: list[str] = field(default_factory=lambda: [RECIPIENT])
    columns: tuple[Column, ...] = ()
    number: int = 0
    counts: Counts = field(default_factory=Counts)

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.store, "staging", "memory")

    def run(self) -> Inventory:
        """The next one, by the inventory of the one before."""
        self.number += 1
        name = f"202611{self.number:02}T020700Z-00000{self.number}"
        before = self.shelf.newest()
        copying = Copying(self.bucket, self.store, self.recipients, "staging")
        header = Header(name, "staging", self.bucket.name, "memory", "2026-11-27T01:00:00Z", self.columns)
        finished = copy(
            copying,
            header,
            before.entries() if before else iter(()),
            lambda counts: Footer("2026-11-27T02:08:00Z", 1.5, **vars(counts)),
        )
        self.counts = copying.counts
        self.shelf.put(name, finished)
        finished.close()
        return self.shelf.get(name)


def of(files: Mapping[str, bytes]) -> Runs:
    """With those files in the bucket."""
    return Runs(FakeBucket(files))


def by_key(inventory: Inventory) -> dict[str, Entry]:
    """Its lines."""
    return {entry.key: entry for entry in inventory.entries()}
