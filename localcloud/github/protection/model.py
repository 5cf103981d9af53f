"""What a branch asks of whoever changes it."""

from __future__ import annotations

from typing import ClassVar

from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, Record


class Protection(Record):
    """Its id is `owner/name branch`."""

    kind: ClassVar[str] = "protection"

    repository: str
    branch: str
    checks: tuple[str, ...] | None = None
    """The contexts that must have succeeded; None: no status is asked for."""
    strict: bool = False
    """The head must have all of the base."""
    enforce_admins: bool = False
    reviews: int | None = None
    """How many must approve; None: a change may come without a pull request."""
    dismiss_stale_reviews: bool = False
    require_code_owner_reviews: bool = False
    require_last_push_approval: bool = False
    linear: bool = False
    allow_force_pushes: bool = False
    allow_deletions: bool = False
    lock_branch: bool = False


def protection_of(github: GitHub, repository: Repository, branch: str) -> Protection | None:
    """That of a branch."""
    return github.store.get(Protection, f"{repository.id} {branch}")
