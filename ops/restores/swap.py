"""A restored database takes the live name, and gives it back: by renames that happen together or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from console.errors import REFUSED, ExplainedError

LONGEST = 63  # of PostgreSQL's names
BEFORE, UNDONE, MARK = "before", "undone", "slipway"
RESTORING = "_restoring_"


class Renames(Protocol):
    """What is asked of a server's databases."""

    def names(self) -> dict[str, str]:
        """All, with what is noted of each."""

    def rename(self, moves: list[tuple[str, str]], notes: Mapping[str, str]) -> None:
        """All of them or none."""

    def drop(self, name: str) -> None:
        """Remove one."""


class Guarded(Renames, Protocol):
    """The same, with a lock for each that is being made."""

    def alone(self, name: str) -> AbstractContextManager[None]:
        """As the only one who makes that database; an error where another one does."""


@dataclass(frozen=True)
class Kept:
    """A database that was live, and is kept until somebody says that it is not needed."""

    name: str
    kind: str
    live: str
    restored: str
    at: str
    comment: str


def named(live: str, kind: str, now: datetime) -> str:
    """A name that tells what it is and when it was made."""
    tail = f"_{kind}_{now:%Y%m%dt%H%M%S}"
    return f"{live[: LONGEST - len(tail)]}{tail}"


def scratch_name(live: str, what: str) -> str:
    """Where a restore is made before anything bears its name: the same for the same backup, so that it is found."""
    tail = f"{RESTORING}{what.lower().replace('-', '_')}"
    return f"{live[: LONGEST - len(tail)]}{tail}"


def kept(databases: Renames, live: str) -> list[Kept]:
    """Those of a live name, the newest first."""
    found = []
    for name, text in databases.names().items():
        value = noted(text)
        if value.get(MARK) in (BEFORE, UNDONE) and value.get("live") == live:
            said = {key: str(value.get(key, "")) for key in ("restored", "at", "comment")}
            found.append(Kept(name, str(value[MARK]), live, **said))
    return sorted(found, key=lambda one: one.at, reverse=True)


def swap(databases: Renames, live: str, scratch: str, restored: str, now: datetime) -> str:
    """Give a whole database the live name; returns the name under which the one before is kept, if there was one."""
    names = databases.names()
    moves, notes, before = [(scratch, live)], {live: names.get(live, "")}, ""
    if live in names:
        before = named(live, BEFORE, now)
        moves.insert(0, (live, before))
        notes[before] = _note(BEFORE, live, restored, now, names[live])
    databases.rename(moves, notes)
    return before


def undo(databases: Renames, live: str, now: datetime) -> tuple[Kept, str]:
    """Give the live name back to the newest one that was kept; returns it, and where what was restored is now."""
    found = [one for one in kept(databases, live) if one.kind == BEFORE]
    if not found:
        raise ExplainedError(
            "there is nothing to undo", f"no database of before a restore is kept beside {live}", code=REFUSED
        )
    one, names, undone = found[0], databases.names(), ""
    moves, notes = [(one.name, live)], {live: one.comment}
    if live in names:
        undone = named(live, UNDONE, now)
        moves.insert(0, (live, undone))
        notes[undone] = _note(UNDONE, live, one.restored, now, names[live])
    databases.rename(moves, notes)
    return one, undone


def confirm(databases: Renames, live: str) -> list[Kept]:
    """Remove what is kept: there is no way back after it."""
    found = kept(databases, live)
    if live not in databases.names():
        raise ExplainedError(
            "refused",
            f"there is no database {live}, and one of these may be the last copy of it: "
            f"{', '.join(one.name for one in found) or 'none is kept'}",
            code=REFUSED,
        )
    for one in found:
        databases.drop(one.name)
    return found


def noted(text: str) -> dict[str, Any]:
    """What we have noted at a database; nothing where somebody else has."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def clear(databases: Guarded, live: str) -> list[str]:
    """Remove what restores that were killed have left of a live database's copies; returns their names.

    One at which a restore is at work just now is not left.
    """
    left = []
    for name, text in databases.names().items():
        of = name.partition(RESTORING)[0]
        ours = of == live or (len(name) == LONGEST and live.startswith(of))
        if RESTORING in name and ours and noted(text).get(MARK):
            with suppress(ExplainedError), databases.alone(name):
                databases.drop(name)
                left.append(name)
    return left


def forget(databases: Renames, live: str, besides: str) -> None:
    """Remove what restores before this one have kept."""
    for one in kept(databases, live):
        if one.name != besides:
            databases.drop(one.name)


def _note(kind: str, live: str, restored: str, now: datetime, comment: str) -> str:
    said = {MARK: kind, "live": live, "restored": restored, "at": now.isoformat(), "comment": comment}
    return json.dumps(said)
