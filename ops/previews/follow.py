"""Have a preview follow its pull request, and those that nobody wants any more go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from console.errors import ExplainedError
from ops.previews import told
from ops.previews.known import Known, known
from ops.previews.place import Place
from ops.previews.pulls import Pull, pull
from ops.previews.remove import remove
from ops.previews.told import GitHub
from ops.previews.up import bring_up


def follow(place: Place, github: GitHub, number: int) -> str:
    """Up where the pull request wants one, else away, whatever was missed meanwhile; told in its comment."""
    wanted = pull(github, number)
    if wanted.refusal:
        there = remove(place, number)
        return told.gone(github, number, wanted.refusal, there=there)
    try:
        report = bring_up(place, wanted)
    except ExplainedError as error:
        told.failed(github, wanted, error)
        raise
    return told.up(github, wanted, report)


@dataclass(frozen=True)
class Removed:
    """One that was, and why."""

    pull: int
    why: str


def expire(
    place: Place, github: GitHub, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> tuple[list[Removed], list[ExplainedError]]:
    """Remove those that are over or whose pull request has none any more: one that fails does not keep the others."""
    removed, failures = [], []
    for one in known(place.pulumi):
        try:
            if why := _over(one, pull(github, one.pull), now(), place.shared.days):
                remove(place, one.pull)
                told.gone(github, one.pull, why, there=True)
                removed.append(Removed(one.pull, why))
        except ExplainedError as error:
            failures.append(error)
    return removed, failures


def _over(one: Known, wanted: Pull, now: datetime, days: int) -> str:
    if wanted.refusal:
        return wanted.refusal
    return f"nothing was deployed to it for {days} days; the next push brings it up again" if one.over(now) else ""
