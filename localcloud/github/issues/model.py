"""An issue, and what of a pull request is one as well."""

from __future__ import annotations

from typing import ClassVar, Literal

from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, Record


class Issue(Record):
    """Its id is `owner/name#number`."""

    kind: ClassVar[str] = "issue"

    repository: str
    number: int
    title: str
    body: str | None = None
    user: str
    state: Literal["open", "closed"] = "open"
    state_reason: Literal["completed", "not_planned", "reopened", "duplicate"] | None = None
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    locked: bool = False
    is_pull: bool = False
    created_at: str
    updated_at: str
    closed_at: str | None = None
    closed_by: str | None = None


def issue_id(repository: Repository, number: int) -> str:
    """What it is kept under."""
    return f"{repository.id}#{number}"


def next_number(github: GitHub, repository: Repository) -> int:
    """Pull requests and issues count together."""
    return github.number(f"issue {repository.id}")
