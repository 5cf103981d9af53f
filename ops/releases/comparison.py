"""Two environments side by side, by their records, stack files and images, and by git where it has their commits."""

from __future__ import annotations

from dataclasses import dataclass

from console.errors import WRONG_USE, ExplainedError
from ops.context import Context
from ops.doors.programs import ROOT
from ops.releases import difference, passage
from ops.releases.difference import Pairs
from ops.releases.overview import overview, packages


@dataclass(frozen=True)
class Comparison:
    """What differs."""

    here: str
    there: str
    versions: tuple[str, str]
    """The commits that run, or the digests where no record names a commit."""
    commits: tuple[list[str], list[str]] | None
    """Those that only one of them has, newest first; None where git cannot tell."""
    migrations: dict[str, list[str]]
    configuration: Pairs
    packages: Pairs | None
    """None where one of the images has no list of them."""


def compare(context: Context, environment: str, other: str | None) -> Comparison:
    """One with another, or with the one that it is promoted from."""
    ours = passage.of(context, environment)
    neighbour = ours.stack.before or ours.stack.after
    there = other or (neighbour.names.environment if neighbour else environment)
    if there == environment:
        hint = f"./slipway release diff {environment} ENV"
        raise ExplainedError(f"cannot compare {environment} with itself", hint=hint, code=WRONG_USE)
    theirs = passage.of(context, there)
    one, two = overview(ours), overview(theirs)
    listed = [packages(context, each, found.release) for each, found in ((ours, one), (theirs, two))]
    between = context.doors.commits_between
    commits = (one.commit, two.commit)
    only = [between(ROOT, since, until) if since and until else None for since, until in (commits[::-1], commits)]
    versions = [found.commit or next(iter(found.running.values()), "") for found in (one, two)]
    return Comparison(
        environment,
        there,
        (versions[0], versions[1]),
        (only[0], only[1]) if only[0] is not None and only[1] is not None else None,
        difference.migrations(one.release, two.release),
        difference.configuration(ours.stack, theirs.stack),
        difference.differing(listed[0], listed[1]) if listed[0] is not None and listed[1] is not None else None,
    )
