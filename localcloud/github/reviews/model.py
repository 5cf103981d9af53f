"""What somebody says of a pull request as a whole."""

from __future__ import annotations

from typing import ClassVar, Literal

from localcloud.github.pulls.model import Pull
from localcloud.github.store import GitHub, Record
from localcloud.github.users.model import known

State = Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"]
DECIDES = {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}


class Review(Record):
    """Its id is its number."""

    kind: ClassVar[str] = "review"

    pull: str
    number: int
    user: str
    state: State
    body: str = ""
    commit_id: str
    submitted_at: str


def of(github: GitHub, pull: Pull) -> list[Review]:
    """Those of a pull request, the oldest first."""
    return github.store.all(Review, lambda one: one.pull == pull.id)


def opinions(github: GitHub, pull: Pull) -> dict[str, Review]:
    """The last review that decides of everybody who may write: what the rules of the base count."""
    found: dict[str, Review] = {}
    for review in of(github, pull):
        if review.state in DECIDES and known(github, review.user).role in {"write", "admin"}:
            found[review.user.lower()] = review
    return found


def dismiss_stale(github: GitHub, pull: Pull) -> None:
    """The head has changed: what was approved is not what would be merged."""
    for review in of(github, pull):
        if review.state == "APPROVED":
            github.store.change(review, state="DISMISSED")
