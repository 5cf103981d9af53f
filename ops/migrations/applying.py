"""Applies what is pending to copies of a copy: again on a fresh one where a lock took too long, and the least counts.

What is slow by itself is slow each time. What was held up by something else on this machine, as a disk that others
write to, is not; a processor that others had is not counted to begin with (`ops/doors/django_side/watch.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from console.output import Say
from ops.doors.postgres import Scratch
from ops.migrations.lint import Asked
from ops.migrations.locks import Lock, in_order, read

TIMES = 3
APPLIED = "applied"


@dataclass(frozen=True)
class Step:
    """One migration as it went; `left` is what one that failed has left behind."""

    migration: str
    milliseconds: float
    locks: tuple[Lock, ...]
    rewritten: Mapping[str, int]
    error: str = ""
    left: tuple[str, ...] = ()


def apply(scratch: Scratch, template: str, django: Asked, say: Say) -> tuple[str, tuple[Step, ...]]:
    """The address of the copy that it was applied to last, and how each went at its best."""
    best: tuple[Step, ...] = ()
    for time in range(1, TIMES + 1):
        scratch.drop(APPLIED)
        url = scratch.create(APPLIED, template=template)
        steps = tuple(map(_step, django.ask("apply", url)))
        if any(step.error for step in steps):
            return url, steps
        best = tuple(map(quickest, best, steps)) if best else steps
        slow = [step.migration for step in best if any(lock.blocks for lock in step.locks)]
        if not slow:
            break
        if time < TIMES:
            say(f"{', '.join(slow)} held a lock for too long: once more, to be sure that nothing else held it up")
    return url, best


def quickest(one: Step, other: Step) -> Step:
    """The lesser time of each lock; one that only one of them has seen counts as it was seen."""
    mine, theirs = _longest(one.locks), _longest(other.locks)
    least = {
        key: min(mine.get(key, lock), theirs.get(key, lock), key=lambda each: each.milliseconds)
        for key, lock in (mine | theirs).items()
    }
    took = min(one.milliseconds, other.milliseconds)
    return replace(other, milliseconds=took, locks=in_order(least.values()))


def _longest(locks: Sequence[Lock]) -> dict[tuple[str, str, str], Lock]:
    """Of one statement that was carried out many times, the time that was worst."""
    found: dict[tuple[str, str, str], Lock] = {}
    for lock in sorted(locks, key=lambda each: each.milliseconds):
        found[lock.table, lock.mode, lock.statement] = lock
    return found


def _step(told: Mapping[str, Any]) -> Step:
    return Step(
        f"{told['app']}.{told['name']}",
        round(told["milliseconds"], 1),
        read(told["locks"]),
        told["rewritten"],
        told["error"],
        tuple(told["left"]),
    )
