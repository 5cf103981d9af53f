"""What goes when: backups by the bucket's own rules, leftovers by whoever may; no backup is taken away here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ops.backups.partial import Partial, partials
from ops.backups.place import Place
from ops.backups.store import Kept, Store
from ops.doors.leftovers import Leftovers

OLD = timedelta(days=1)  # of a leftover: what is younger may be at work


@dataclass(frozen=True)
class Leaving:
    """A backup, and when the bucket's rule forgets it."""

    backup: Kept
    at: datetime
    is_last_good: bool


@dataclass(frozen=True)
class Pruned:
    """What there was to say, and what was done."""

    leaving: tuple[Leaving, ...]
    leftovers: tuple[Partial, ...]
    locked: dict[str, datetime]
    """Keys that are hidden now and whose bytes stay until then."""
    done: bool


def prune(place: Place, leftovers: Leftovers, *, yes: bool) -> Pruned:
    """Say it; with `yes`, remove what never became a backup."""
    store = Store(place.objects, place.environment, place.context.output.say)
    there, now = store.backups(), place.now()
    good = store.newest()[0].id if there else ""
    days = place.stack.backups.days
    leaving = [
        Leaving(one, one.modified + timedelta(days=days[one.retention]), one.id == good) for one in reversed(there)
    ]
    old = [one for one in partials(place.objects, leftovers, place.environment) if now - one.moved > OLD]
    locked: dict[str, datetime] = {}
    for one in old if yes else ():
        locked |= _remove(place, leftovers, one, now)
    return Pruned(tuple(sorted(leaving, key=lambda one: one.at)), tuple(old), locked, yes and bool(old))


def _remove(place: Place, leftovers: Leftovers, one: Partial, now: datetime) -> dict[str, datetime]:
    locked = {}
    for upload in one.uploads:
        leftovers.give_up(upload)
    for entry in one.objects:
        until = leftovers.locked_until(entry.key)
        place.objects.delete(entry.key)
        if until and until > now:
            locked[entry.key] = until
    return locked
