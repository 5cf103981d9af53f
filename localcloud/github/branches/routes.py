"""Branches. https://docs.github.com/en/rest/branches/branches"""

from __future__ import annotations

from typing import Any

from localcloud.github.api.call import Call, Reply, Route
from localcloud.github.api.errors import ApiError
from localcloud.github.api.pages import page
from localcloud.github.commits.bodies import commit_body
from localcloud.github.commits.model import read
from localcloud.github.git.repository import refs
from localcloud.github.protection.model import protection_of
from localcloud.github.repositories.bodies import html_url, url
from localcloud.github.repositories.routes import REPO


def sha_of(call: Call) -> str:
    """The head of the branch in the path, or 404."""
    heads, name = call.repository.heads, call.parts["branch"]
    found = refs(heads).get(f"{heads}{name}")
    if found is None:
        raise ApiError(404, "Branch not found")
    return found


def listing(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/branches"""
    heads = call.repository.heads
    return page(call, list(refs(heads).items()), lambda one: _short(call, one[0].removeprefix(heads), one[1]))


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/branches/{branch}"""
    name, sha = call.parts["branch"], sha_of(call)
    address = f"{url(call.repository)}/branches/{name}"
    return Reply(
        {
            **_short(call, name, sha),
            "commit": commit_body(call.github, call.repository, read(sha)),
            "protection_url": f"{address}/protection",
            "_links": {"self": address, "html": f"{html_url(call.repository)}/tree/{name}"},
            "protection": {"enabled": _protected(call, name), "required_status_checks": _checks(call, name)},
        }
    )


def _short(call: Call, name: str, sha: str) -> dict[str, Any]:
    return {
        "name": name,
        "commit": {"sha": sha, "url": f"{url(call.repository)}/commits/{sha}"},
        "protected": _protected(call, name),
        "protection_url": f"{url(call.repository)}/branches/{name}/protection",
    }


def _protected(call: Call, name: str) -> bool:
    return protection_of(call.github, call.repository, name) is not None


def _checks(call: Call, name: str) -> dict[str, Any]:
    protection = protection_of(call.github, call.repository, name)
    names = list(protection.checks or ()) if protection else []
    level = "off" if not protection else "everyone" if protection.enforce_admins else "non_admins"
    return {
        "enforcement_level": level,
        "contexts": names,
        "checks": [{"context": one, "app_id": None} for one in names],
    }


routes = [
    Route("GET", f"{REPO}/branches", listing, "contents", docs="branches/branches#list-branches"),
    Route("GET", f"{REPO}/branches/{{branch:path}}", get, "contents", docs="branches/branches#get-a-branch"),
]
