"""A pull request as far as its preview has to do with it: what it proposes, and why it has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from console.errors import REFUSED, ExplainedError

LABEL = "preview"
"""Only who may triage can put it there: the maintainers' word that its code may run."""


class GitHub(Protocol):
    """What is asked of it."""

    def get(self, path: str, **wanted: str) -> Any:
        """What is at a path below the repository."""


@dataclass(frozen=True)
class Pull:
    """What GitHub says of one."""

    number: int
    branch: str
    commit: str
    is_open: bool
    is_ours: bool
    """Its branch is in this repository, so whoever pushed it may write here."""
    labels: frozenset[str]

    @property
    def refusal(self) -> str:
        """Why it has no preview; empty where it has one."""
        if not self.is_open:
            return "it is closed"
        if not self.is_ours:
            return "its branch is in a fork, and code from there is run by nobody's leave"
        return "" if LABEL in self.labels else f"it has no label `{LABEL}`, with which a maintainer asks for one"

    def require(self) -> None:
        """Refuse one that has no preview."""
        if why := self.refusal:
            hint = f"once that is so no more: ./slipway previews up {self.number}" if self.is_open else None
            raise ExplainedError(f"pull request {self.number} gets no preview", why, hint=hint, code=REFUSED)


def pull(github: GitHub, number: int) -> Pull:
    """One of this repository."""
    said: Mapping[str, Any] = github.get(f"pulls/{number}")
    head, base = said["head"], said["base"]
    ours = head["repo"] is not None and head["repo"]["full_name"] == base["repo"]["full_name"]
    return Pull(
        number=int(said["number"]),
        branch=str(head["ref"]),
        commit=str(head["sha"]),
        is_open=said["state"] == "open",
        is_ours=ours,
        labels=frozenset(str(label["name"]) for label in said["labels"]),
    )
