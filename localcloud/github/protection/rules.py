"""What a protected branch refuses: pushes past a pull request, and merges that are not ready. In GitHub's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from localcloud.github.checks.model import GOOD, latest, runs_of
from localcloud.github.git.repository import ZERO, is_ancestor
from localcloud.github.protection.model import Protection, protection_of
from localcloud.github.pulls.model import Pull
from localcloud.github.repositories.model import Repository
from localcloud.github.reviews.model import opinions
from localcloud.github.statuses.model import newest, of
from localcloud.github.store import GitHub


@dataclass(frozen=True)
class Push:
    """A change of a branch that somebody asks for."""

    before: str
    after: str
    forced: bool = False


def results(github: GitHub, repository: Repository, sha: str) -> dict[str, str]:
    """What was said of a commit, by context: success, pending, failure or error."""
    said: dict[str, str] = {one.context: one.state for one in newest(of(github, repository, sha))}
    for run in latest(runs_of(github, repository, sha)):
        good = "success" if run.conclusion in GOOD else "failure"
        said[run.name] = "pending" if run.conclusion is None else good
    return said


def unmet_checks(protection: Protection, said: dict[str, str]) -> list[str]:
    """The required checks that have not succeeded, each as GitHub says it."""
    words = {"failure": "is failing", "error": "is failing", "pending": "is pending"}
    return [
        f'Required status check "{name}" {words.get(said.get(name, ""), "is expected")}.'
        for name in protection.checks or ()
        if said.get(name) != "success"
    ]


def push_refusal(protection: Protection | None, push: Push, said: dict[str, str], *, admin: bool) -> list[str]:
    """Why the branch may not be changed so; nothing if it may."""
    if protection is None or (admin and not protection.enforce_admins and not push.forced and push.after != ZERO):
        return []
    if push.after == ZERO:
        return [] if protection.allow_deletions else ["Cannot delete this branch"]
    if push.forced and not protection.allow_force_pushes:
        return ["Cannot force-push to this branch"]
    if admin and not protection.enforce_admins:
        return []
    locked = ["Cannot change this locked branch"] if protection.lock_branch else []
    reviewed = ["Changes must be made through a pull request."] if protection.reviews is not None else []
    return [*locked, *reviewed, *unmet_checks(protection, said)]


def merge_refusal(github: GitHub, repository: Repository, pull: Pull) -> list[str]:
    """What a pull request still lacks before it may be merged."""
    protection = protection_of(github, repository, pull.base_ref)
    if protection is None:
        return []
    said = results(github, repository, pull.head_sha)
    return [*_reviews(github, protection, pull), *unmet_checks(protection, said)]


def is_behind(github: GitHub, repository: Repository, pull: Pull) -> bool:
    """Whether the base asks for heads that have all of it, and this one has not."""
    protection = protection_of(github, repository, pull.base_ref)
    strict = protection is not None and protection.strict and protection.checks is not None
    return strict and not is_ancestor(pull.base_sha, pull.head_sha)


def _reviews(github: GitHub, protection: Protection, pull: Pull) -> Iterable[str]:
    if protection.reviews is None:
        return
    given = opinions(github, pull)
    if any(review.state == "CHANGES_REQUESTED" for review in given.values()):
        yield "Changes have been requested by reviewers with write access."
    approved = sum(review.state == "APPROVED" for review in given.values())
    if approved < protection.reviews:
        wanted = f"{protection.reviews} approving review" + (" is" if protection.reviews == 1 else "s are")
        yield f"At least {wanted} required by reviewers with write access."


def state_of(github: GitHub, repository: Repository, pull: Pull) -> str:
    """`mergeable_state`: the first reason against it, or clean."""
    if pull.conflicts:
        return "dirty"
    if pull.draft:
        return "draft"
    if merge_refusal(github, repository, pull):
        return "blocked"
    if is_behind(github, repository, pull):
        return "behind"
    said = results(github, repository, pull.head_sha)
    return "unstable" if any(state != "success" for state in said.values()) else "clean"
