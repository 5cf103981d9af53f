"""What a release says of its migrations, and which of them a release before could not live with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from infra.release import Migration
from ops.migrations.lint import Report


@dataclass(frozen=True)
class Planned:
    """One migration, `app.name`.

    `reversible`: Django knows a way back; `loses`: that way drops what was written since. `compatible`: a release
    that has all before it lives with it, or somebody has said so and why. `after`: what one must have for that.
    """

    key: str
    reversible: bool
    loses: bool
    compatible: bool
    after: tuple[str, ...] = ()

    def lives_with(self, release: Collection[str]) -> bool:
        """Whether the code of a release that has those migrations lives with this one."""
        return self.compatible and set(self.after) <= set(release)

    def recorded(self) -> Migration:
        """As a release's record has it: the release before goes on with it, whichever that is."""
        return Migration(name=self.key, reversible=self.compatible and not self.after)


def plan(report: Report) -> tuple[Planned, ...]:
    """All that were looked at, in the order in which they are applied."""
    return tuple(
        Planned(one.key, one.reversible, bool(one.loses), one.compatible, one.after) for one in report.migrations
    )


def pending(planned: Sequence[Planned], there: Collection[str]) -> tuple[Planned, ...]:
    """Those that a database, or a release, does not have yet."""
    return tuple(one for one in planned if one.key not in there)


def in_the_way(planned: Sequence[Planned], release: Collection[str]) -> tuple[Planned, ...]:
    """What an earlier release would not live with, of what has been applied since: no going back across those."""
    return tuple(one for one in pending(planned, release) if not one.lives_with(release))
