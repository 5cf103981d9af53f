"""Protection of branches. https://docs.github.com/en/rest/branches/branch-protection"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from localcloud.github.api.call import Body, Call, Reply, Route
from localcloud.github.api.errors import ApiError
from localcloud.github.branches.routes import sha_of
from localcloud.github.protection.marks import mark
from localcloud.github.protection.model import Protection, protection_of
from localcloud.github.repositories.bodies import url
from localcloud.github.repositories.routes import REPO


class Check(Body):
    """One required check; whose it must be is not looked at."""

    context: str
    app_id: int | None = None


class Checks(Body):
    """Which must have succeeded."""

    strict: bool
    contexts: list[str] = Field(default_factory=list)
    checks: list[Check] = Field(default_factory=list)


class Reviews(Body):
    """Who must approve."""

    dismiss_stale_reviews: bool = False
    require_code_owner_reviews: bool = False
    required_approving_review_count: int = 1
    require_last_push_approval: bool = False


class ProtectionPut(Body):
    """PUT of all of it; the four without a default must be there."""

    required_status_checks: Checks | None
    enforce_admins: bool | None
    required_pull_request_reviews: Reviews | None
    restrictions: dict[str, Any] | None
    required_linear_history: bool = False
    allow_force_pushes: bool | None = None
    allow_deletions: bool = False
    lock_branch: bool = False


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/branches/{branch}/protection"""
    return Reply(_body(call, _found(call)))


def put(call: Call) -> Reply:
    """PUT /repos/{owner}/{repo}/branches/{branch}/protection"""
    want = call.body(ProtectionPut)
    sha_of(call)
    if want.restrictions is not None:
        raise ApiError(501, "restrictions: who may push is not built on the GitHub of this machine")
    asked, reviews = want.required_status_checks, want.required_pull_request_reviews
    names = [*asked.contexts, *(check.context for check in asked.checks)] if asked else []
    kept = Protection(
        id=f"{call.repository.id} {call.parts['branch']}",
        repository=call.repository.id,
        branch=call.parts["branch"],
        checks=tuple(dict.fromkeys(names)) if asked else None,
        strict=asked.strict if asked else False,
        enforce_admins=bool(want.enforce_admins),
        reviews=reviews.required_approving_review_count if reviews else None,
        dismiss_stale_reviews=bool(reviews and reviews.dismiss_stale_reviews),
        require_code_owner_reviews=bool(reviews and reviews.require_code_owner_reviews),
        require_last_push_approval=bool(reviews and reviews.require_last_push_approval),
        linear=want.required_linear_history,
        allow_force_pushes=bool(want.allow_force_pushes),
        allow_deletions=want.allow_deletions,
        lock_branch=want.lock_branch,
    )
    call.github.store.put(kept)
    mark(call.github)
    return Reply(_body(call, kept))


def delete(call: Call) -> Reply:
    """DELETE /repos/{owner}/{repo}/branches/{branch}/protection"""
    call.github.store.remove(_found(call))
    mark(call.github)
    return Reply(None, 204)


def _found(call: Call) -> Protection:
    sha_of(call)
    found = protection_of(call.github, call.repository, call.parts["branch"])
    if found is None:
        raise ApiError(404, "Branch not protected")
    return found


def _body(call: Call, kept: Protection) -> dict[str, Any]:
    address = f"{url(call.repository)}/branches/{kept.branch}/protection"
    checks: dict[str, Any] = {}
    if kept.checks is not None:
        checks["required_status_checks"] = {
            "url": f"{address}/required_status_checks",
            "strict": kept.strict,
            "contexts": list(kept.checks),
            "contexts_url": f"{address}/required_status_checks/contexts",
            "checks": [{"context": name, "app_id": None} for name in kept.checks],
        }
    if kept.reviews is not None:
        checks["required_pull_request_reviews"] = {
            "url": f"{address}/required_pull_request_reviews",
            "dismiss_stale_reviews": kept.dismiss_stale_reviews,
            "require_code_owner_reviews": kept.require_code_owner_reviews,
            "required_approving_review_count": kept.reviews,
            "require_last_push_approval": kept.require_last_push_approval,
        }
    switches = {
        "required_linear_history": kept.linear,
        "allow_force_pushes": kept.allow_force_pushes,
        "allow_deletions": kept.allow_deletions,
        "block_creations": False,
        "required_conversation_resolution": False,
        "lock_branch": kept.lock_branch,
        "allow_fork_syncing": False,
    }
    return {
        "url": address,
        **checks,
        "required_signatures": {"url": f"{address}/required_signatures", "enabled": False},
        "enforce_admins": {"url": f"{address}/enforce_admins", "enabled": kept.enforce_admins},
        **{name: {"enabled": value} for name, value in switches.items()},
    }


ONE, DOCS = f"{REPO}/branches/{{branch:path}}/protection", "branches/branch-protection"
routes = [
    Route("GET", ONE, get, "administration", "admin", f"{DOCS}#get-branch-protection"),
    Route("PUT", ONE, put, "administration", "admin", f"{DOCS}#update-branch-protection"),
    Route("DELETE", ONE, delete, "administration", "admin", f"{DOCS}#delete-branch-protection"),
]
