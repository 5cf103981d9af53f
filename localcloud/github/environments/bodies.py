"""Environments as GitHub reads and writes them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from localcloud.github.api.call import Body
from localcloud.github.environments.approvals import short_body
from localcloud.github.environments.model import BranchPolicy, Environment
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, node_id
from localcloud.github.users.bodies import user_named


class Reviewer(Body):
    """One who has to approve, by number."""

    type: Literal["User", "Team"]
    id: int


class Branches(Body):
    """Which may deploy: exactly one of the two is true."""

    protected_branches: bool
    custom_branch_policies: bool


class EnvironmentPut(Body):
    """PUT of one: what is not said goes back to nothing."""

    wait_timer: int = Field(default=0, ge=0, le=43200)
    prevent_self_review: bool = False
    reviewers: list[Reviewer] | None = Field(default=None, max_length=6)
    deployment_branch_policy: Branches | None = None


class PolicyPost(Body):
    """POST of a pattern."""

    name: str
    type: Literal["branch", "tag"] = "branch"


def environment_body(github: GitHub, repository: Repository, environment: Environment) -> dict[str, Any]:
    """An environment with its rules."""
    rules: list[dict[str, Any]] = []
    if environment.wait_timer:
        rules.append({**_rule(environment, 1, "wait_timer"), "wait_timer": environment.wait_timer})
    if environment.reviewers:
        people = [{"type": "User", "reviewer": user_named(github, login)} for login in environment.reviewers]
        prevented = environment.prevent_self_review
        rule = _rule(environment, 2, "required_reviewers")
        rules.append({**rule, "prevent_self_review": prevented, "reviewers": people})
    if environment.branches != "all":
        rules.append(_rule(environment, 3, "branch_policy"))
    return {
        **short_body(repository, environment),
        "created_at": environment.created_at,
        "updated_at": environment.updated_at,
        "can_admins_bypass": environment.can_admins_bypass,
        "protection_rules": rules,
        "deployment_branch_policy": _branches(environment),
    }


def policy_body(policy: BranchPolicy) -> dict[str, Any]:
    """A pattern."""
    return {"id": policy.number, "node_id": node_id("DBP", policy.number), "name": policy.name, "type": policy.type}


def _branches(environment: Environment) -> dict[str, bool] | None:
    if environment.branches == "all":
        return None
    protected = environment.branches == "protected"
    return {"protected_branches": protected, "custom_branch_policies": not protected}


def _rule(environment: Environment, place: int, kind: str) -> dict[str, Any]:
    number = environment.number * 10 + place
    return {"id": number, "node_id": node_id("GA", number), "type": kind}
