"""Environments that jobs deploy to: who has to approve, how long to wait, from which branches."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import ClassVar, Literal

from localcloud.github.protection.model import protection_of
from localcloud.github.repositories.model import Repository
from localcloud.github.store import Frozen, GitHub, Record


class BranchPolicy(Frozen):
    """A pattern of names that may deploy."""

    number: int
    name: str
    type: Literal["branch", "tag"] = "branch"


class Environment(Record):
    """Its id is `owner/name environment`, in small letters."""

    kind: ClassVar[str] = "environment"

    repository: str
    name: str
    number: int
    wait_timer: int = 0
    """Minutes."""
    reviewers: tuple[str, ...] = ()
    """Up to six, one of whom has to approve."""
    prevent_self_review: bool = False
    can_admins_bypass: bool = True
    branches: Literal["all", "protected", "custom"] = "all"
    policies: tuple[BranchPolicy, ...] = ()
    created_at: str
    updated_at: str


def environment_id(repository: Repository, name: str) -> str:
    """What it is kept under: names are the same in capitals."""
    return f"{repository.id} {name.lower()}"


def environment_of(github: GitHub, repository: Repository, name: str) -> Environment | None:
    """The one of that name."""
    return github.store.get(Environment, environment_id(repository, name))


def may_deploy(github: GitHub, repository: Repository, environment: Environment, ref: str) -> bool:
    """Whether the policy lets that ref deploy there; `*` does not match a slash."""
    if environment.branches == "all":
        return True
    kind, _, name = ref.removeprefix("refs/").partition("/")
    if environment.branches == "protected":
        return kind == "heads" and protection_of(github, repository, name) is not None
    wanted = "tag" if kind == "tags" else "branch"
    return any(
        policy.type == wanted and policy.name.count("/") == name.count("/") and fnmatchcase(name, policy.name)
        for policy in environment.policies
    )
