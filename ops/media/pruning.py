"""What a person takes out of a copy: inventories that are too old, then the bytes that no inventory names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from console.errors import REFUSED, ExplainedError
from console.output import counted
from ops.environments.approval import approve
from ops.media import places
from ops.media.backing_up import Media

SAFE = timedelta(days=2)  # bytes that are younger may belong to a run that has not finished


@runtime_checkable
class Prunable(Protocol):
    """A store out of which things can be taken."""

    def aged(self, below: str) -> Iterator[tuple[str, int, datetime]]:
        """All places that begin so, with their sizes and when each was put."""

    def delete(self, place: str) -> None:
        """Take it away."""


@dataclass
class Pruned:
    """What would go, or is gone."""

    runs: list[str] = field(default_factory=list)
    kept: int = 0
    places: list[str] = field(default_factory=list)
    bytes: int = 0


def plan(media: Media, older: timedelta) -> Pruned:
    """The newest inventory that can be read stays whatever its age, and so does all that it names."""
    store, now = _prunable(media), media.place.now()
    listed = [(place, size) for place, size, put in _objects(store, media) if put < now - SAFE]
    runs = media.own.runs()
    good = _good(media, runs)
    found = Pruned([run for run in runs if run < good and places.time_of(run) < now - older])
    needed = set[bytes]()
    for run in runs:
        if run not in found.runs:
            # One that cannot be read ends it here: nobody knows what it names.
            with closing(media.own.get(run)) as inventory:
                needed.update(_digest(entry.place) for entry in inventory.entries())
            found.kept += 1
    for place, size in listed:
        if _digest(place) not in needed:
            found.places.append(place)
            found.bytes += size
    return found


def take_out(media: Media, older: timedelta, *, yes: bool) -> Pruned:
    """What is too old, where that was said."""
    found = plan(media, older)
    if found.runs or found.places:
        what = f"take {len(found.runs)} copies and {counted(len(found.places), 'object')} out of the media copy"
        words = f"backup media {media.environment} --prune {older.days}"
        approve(media.place.cloud, media.place.stack, what, words, yes=yes)
        carry_out(media, found)
    return found


def carry_out(media: Media, found: Pruned) -> None:
    """Inventories first: none names what is not there."""
    store = _prunable(media)
    own = media.own.store
    for run in found.runs:
        for shelf, sealed in ((own, False), (media.store, True)):
            place = places.inventory(media.environment, media.target.shown, run, sealed=sealed)
            if isinstance(shelf, Prunable) and shelf.size(place) is not None:
                shelf.delete(place)
    for place in found.places:
        store.delete(place)


def _prunable(media: Media) -> Prunable:
    if isinstance(media.store, Prunable):
        return media.store
    raise ExplainedError(
        f"refused to prune {media.target.shown}",
        "there a program reaches it, which does not say when a file was put",
        hint=f"./slipway backup media {media.environment} --anew, into an empty place; then remove this one",
        code=REFUSED,
    )


def _objects(store: Prunable, media: Media) -> Iterator[tuple[str, int, datetime]]:
    return store.aged(f"{media.environment}/objects/")


def _good(media: Media, runs: Sequence[str]) -> str:
    """The newest run whose inventory can be read."""
    for run in reversed(runs):
        with suppress(ExplainedError), closing(media.own.get(run)):
            return run
    raise ExplainedError(
        f"refused to prune {media.target.shown}",
        "no inventory there can be read, so nobody knows what is needed",
        hint=f"./slipway backup media {media.environment}",
        code=REFUSED,
    )


def _digest(place: str) -> bytes:
    """Of recipients and content: both are in the place of a file."""
    return hashlib.sha256(place.encode()).digest()[:16]
