"""Commit statuses. https://docs.github.com/en/rest/commits/statuses"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from localcloud.github.api.call import Body, Call, Reply, Route
from localcloud.github.api.errors import ApiError
from localcloud.github.api.pages import page
from localcloud.github.commits.routes import sha_of
from localcloud.github.git.repository import resolve
from localcloud.github.repositories.bodies import repository_body, url
from localcloud.github.repositories.routes import REPO
from localcloud.github.statuses.model import State, Status, newest, of, together
from localcloud.github.store import api_url, node_id, now
from localcloud.github.users.bodies import user_named


class StatusPost(Body):
    """POST of one."""

    state: State
    target_url: str | None = None
    description: str | None = Field(default=None, max_length=140)
    context: str = "default"


def create(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/statuses/{sha}"""
    want, sha = call.body(StatusPost), call.parts["sha"]
    if len(sha) != 40 or resolve(sha) is None:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    number = call.github.number("status")
    made = Status(
        id=str(number),
        repository=call.repository.id,
        number=number,
        sha=sha,
        **want.model_dump(),
        creator=call.who.login,
        created_at=now(),
    )
    return Reply(_body(call, call.github.store.put(made)), 201)


def listing(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/commits/{ref}/statuses: the newest first."""
    return page(call, of(call.github, call.repository, sha_of(call)), lambda one: _body(call, one))


def combined(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/commits/{ref}/status"""
    sha, repository = sha_of(call), call.repository
    statuses = newest(of(call.github, repository, sha))
    reply = page(call, statuses, lambda one: _simple(call, one))
    address = f"{url(repository)}/commits/{sha}"
    return Reply(
        {
            "state": together(statuses),
            "statuses": reply.value,
            "sha": sha,
            "total_count": len(statuses),
            "repository": repository_body(call.github, repository),
            "commit_url": address,
            "url": f"{address}/status",
        },
        headers=reply.headers,
    )


def _simple(call: Call, status: Status) -> dict[str, Any]:
    return {
        "url": f"{url(call.repository)}/statuses/{status.sha}",
        "avatar_url": f"{api_url()}/_local/avatar/{status.creator}",
        "id": status.number,
        "node_id": node_id("SC", status.number),
        "state": status.state,
        "description": status.description,
        "target_url": status.target_url,
        "context": status.context,
        "created_at": status.created_at,
        "updated_at": status.created_at,
    }


def _body(call: Call, status: Status) -> dict[str, Any]:
    return {**_simple(call, status), "creator": user_named(call.github, status.creator)}


OF = f"{REPO}/commits/{{ref:path}}"
routes = [
    Route("POST", f"{REPO}/statuses/{{sha}}", create, "statuses", "write", "commits/statuses#create-a-commit-status"),
    Route("GET", f"{OF}/statuses", listing, "statuses", docs="commits/statuses#list-commit-statuses-for-a-reference"),
    Route(
        "GET",
        f"{OF}/status",
        combined,
        "statuses",
        docs="commits/statuses#get-the-combined-status-for-a-specific-reference",
    ),
]
