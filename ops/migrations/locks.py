"""Which locks make the release before wait, and for how long that is all right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LIMIT_MS = 200.0
MODES = (
    "AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock",
    "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock",
)  # fmt: skip
"""From the weakest to the strongest. https://www.postgresql.org/docs/16/explicit-locking.html#LOCKING-TABLES"""
WAITED_FOR = frozenset(MODES[MODES.index("ShareLock") :])
"""Those behind which an INSERT, UPDATE or DELETE waits; behind the last one a SELECT does, too."""


@dataclass(frozen=True)
class Lock:
    """One that a migration held on a table that the release before knows."""

    table: str
    mode: str
    milliseconds: float
    statement: str
    sampled: bool = False
    """Looked at from outside, a millisecond apart: the statement does not run in a transaction."""

    @property
    def name(self) -> str:
        """In PostgreSQL's manual's words: ACCESS EXCLUSIVE."""
        return re.sub(r"(?<!^)(?=[A-Z])", " ", self.mode.removesuffix("Lock")).upper()

    @property
    def blocks(self) -> bool:
        """Whether the release before has to wait for too long."""
        return self.mode in WAITED_FOR and self.milliseconds > LIMIT_MS


def read(held: Sequence[Mapping[str, Any]]) -> tuple[Lock, ...]:
    """Each table's, the strongest first."""
    return in_order(Lock(**one) for one in held)


def in_order(locks: Iterable[Lock]) -> tuple[Lock, ...]:
    """The same of what was read."""
    return tuple(sorted(locks, key=lambda lock: (lock.table, -MODES.index(lock.mode), -lock.milliseconds)))


def strongest(locks: Sequence[Lock]) -> tuple[Lock, ...]:
    """One for each table."""
    found: dict[str, Lock] = {}
    for lock in locks:
        found.setdefault(lock.table, lock)
    return tuple(found.values())
