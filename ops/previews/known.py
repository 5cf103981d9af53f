"""The previews that there are, as their stacks say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.application import APPLICATION
from infra.names import preview, pull_of
from ops.doors.pulumi import Pulumi
from ops.environments.outputs import shown

BASIS = APPLICATION.names.component("Basis")  # what a stack is declared from, and the first that is in its state


@dataclass(frozen=True)
class Known:
    """One of them; of one whose first `up` was killed at once, nothing is known but that it is there."""

    pull: int
    branch: str = ""
    commit: str = ""
    until: datetime | None = None
    url: str = ""

    @property
    def stack(self) -> str:
        return preview(self.pull)

    def over(self, now: datetime) -> bool:
        """Whether nothing was deployed to it for as long as one is kept."""
        return self.until is not None and self.until <= now

    def shown(self) -> dict[str, Any]:
        """For programs."""
        until = self.until.isoformat() if self.until else None
        return {"pull": self.pull, "branch": self.branch, "commit": self.commit, "url": self.url, "until": until}


def known(pulumi: Pulumi) -> list[Known]:
    """All, by number."""
    numbers = sorted(number for name in pulumi.stacks() if (number := pull_of(name)) is not None)
    return [of(number, pulumi.resources(preview(number))) for number in numbers]


def of(number: int, resources: Iterable[Mapping[str, Any]]) -> Known:
    """What the state of one says."""
    every = [dict(one) for one in resources]
    basis = next((one.get("inputs") or {} for one in every if one["type"] == BASIS), {})
    until = datetime.fromisoformat(basis["until"]) if "until" in basis else None
    url = str(shown(every)[0].get("url", ""))
    return Known(number, str(basis.get("branch", "")), str(basis.get("commit", "")), until, url)
