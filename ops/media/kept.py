"""The inventories that there are: in the backup bucket for who writes them, and sealed at another target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from console.errors import ExplainedError
from console.output import Say
from ops.doors.media_store import Store
from ops.media import inventory, places
from ops.media.inventory import Inventory
from ops.media.sealing import opened, sealed


@dataclass(frozen=True)
class Shelf:
    """The inventories in one store of an environment's copies at one target."""

    store: Store
    environment: str
    target: str

    def runs(self) -> list[str]:
        """Their ids, the newest last."""
        found = (
            places.run_of(place) for place, _ in self.store.list(places.inventories(self.environment, self.target))
        )
        return sorted({run for run in found if run})

    def newest(self, say: Say = lambda message: None) -> Inventory | None:
        """The last that can be read; None before the first."""
        for run in reversed(self.runs()):
            try:
                return self.get(run)
            except ExplainedError as error:
                say(f"{str(error).partition(chr(10))[0]}; the one before is used")
        return None

    def get(self, run: str) -> Inventory:
        """That of one run."""
        return inventory.read(self.store.read(places.inventory(self.environment, self.target, run)), run)

    def get_sealed(self, run: str, identities: Sequence[Any]) -> Inventory:
        """That of one run at another target, where it is sealed like the files."""
        content = self.store.read(places.inventory(self.environment, self.target, run, sealed=True))
        return inventory.read(opened(content, identities), run)

    def put(self, run: str, finished: IO[bytes]) -> None:
        """By which the run is one that there is."""
        self.store.put(places.inventory(self.environment, self.target, run), inventory.pieces(finished))

    def put_sealed(self, run: str, finished: IO[bytes], recipients: Sequence[str]) -> None:
        """For who has nothing but that target."""
        content = sealed(inventory.pieces(finished), recipients)
        self.store.put(places.inventory(self.environment, self.target, run, sealed=True), content)
        self.store.finish()

    def pick(self, *, run: str = "", at: datetime | None = None) -> str:
        """The id of a run: that one, or the last before a time; else the newest."""
        runs = self.runs()
        if not runs:
            raise ExplainedError(
                f"{self.environment} has no copy of its media at {self.target}",
                "no run has finished yet",
                hint=f"./slipway backup media {self.environment}; --target names another place",
            )
        if run:
            found = [one for one in runs if one == run]
        elif at is not None:
            found = [one for one in runs if places.time_of(one) <= at]
        else:
            found = runs
        if not found:
            told = f"{run} is none of them" if run else f"none is from before {at:%Y-%m-%d %H:%M:%S} UTC"
            raise ExplainedError(
                f"{self.environment} has no such copy of its media",
                f"{told}; there are {len(runs)}, from {runs[0]} to {runs[-1]}",
                hint=f"./slipway backup media {self.environment} --check",
            )
        return found[-1]

    def after(self, when: datetime) -> str | None:
        """The first run that began then or later: it has all files that a database of that time names."""
        return next((run for run in self.runs() if places.time_of(run) >= when), None)


def lost(store: Store, entries: Iterator[Any], below: str) -> Iterator[str]:
    """The keys whose bytes the copy does not have any more, or has cut."""
    there = {place.rpartition("/")[2]: size for place, size in store.list(below)}
    for entry in entries:
        if there.get(entry.place.rpartition("/")[2]) != entry.stored:
            yield entry.key
