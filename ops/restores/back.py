"""What follows a restore in place: the database of before comes back, or is not needed any more."""

from __future__ import annotations

from dataclasses import dataclass

from console.errors import REFUSED, ExplainedError
from ops.backups.place import Place
from ops.doors.postgres_databases import database_of
from ops.restores import checks, swap


@dataclass(frozen=True)
class Undone:
    """What is live again, and where what was restored is now."""

    database: str
    was: str
    kept: str


@dataclass(frozen=True)
class Confirmed:
    """What was removed."""

    database: str
    removed: list[str]


def undo(place: Place, *, yes: bool, typed: str) -> Undone:
    """Swap back; what was written since the restore stays in the database that was restored."""
    url = place.database()
    live = database_of(url)
    checks.approve(place, live, "undo the restore of", yes=yes, typed=typed)
    with place.context.doors.databases(url) as databases:
        one, kept = swap.undo(databases, live, place.now())
    return Undone(live, one.name, kept)


def confirm(place: Place, *, yes: bool) -> Confirmed:
    """Remove the database of before: from then on there is no way back."""
    url = place.database()
    live = database_of(url)
    with place.context.doors.databases(url) as databases:
        there = [one.name for one in swap.kept(databases, live)]
        if there and not yes:
            raise ExplainedError(
                "refused",
                f"this would remove {', '.join(there)} for good",
                hint=f"./slipway restore confirm {place.environment} --yes",
                code=REFUSED,
            )
        return Confirmed(live, [one.name for one in swap.confirm(databases, live)])
