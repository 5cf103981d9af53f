"""What somebody says of a commit under a name: GitHub's older way, beside check runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, Record

State = Literal["error", "failure", "pending", "success"]


class Status(Record):
    """Its id is its number; the newest of a context counts."""

    kind: ClassVar[str] = "status"

    repository: str
    number: int
    sha: str
    state: State
    context: str
    description: str | None = None
    target_url: str | None = None
    creator: str
    created_at: str


def of(github: GitHub, repository: Repository, sha: str) -> list[Status]:
    """All that were said of a commit, the newest first."""
    return github.store.all(Status, lambda one: one.repository == repository.id and one.sha == sha)[::-1]


def newest(statuses: Iterable[Status]) -> list[Status]:
    """The one that counts of each context."""
    found: dict[str, Status] = {}
    for status in statuses:
        found.setdefault(status.context, status)
    return list(found.values())


def together(statuses: Iterable[Status]) -> State:
    """What they say together: nothing said is pending."""
    states = {status.state for status in statuses}
    if states & {"error", "failure"}:
        return "failure"
    return "success" if states == {"success"} else "pending"
