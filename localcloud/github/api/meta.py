"""What the API says of itself. https://docs.github.com/en/rest/meta/meta"""

from __future__ import annotations

from localcloud.github.api.call import Call, Reply, Route
from localcloud.github.api.replies import NEWER, VERSION
from localcloud.github.store import api_url

NETWORKS = ("hooks", "web", "api", "git", "packages", "pages", "importer", "actions", "dependabot")


def root(call: Call) -> Reply:
    """GET /"""
    address = api_url()
    return Reply(
        {
            "current_user_url": f"{address}/user",
            "rate_limit_url": f"{address}/rate_limit",
            "repository_url": f"{address}/repos/{{owner}}/{{repo}}",
            "user_url": f"{address}/users/{{user}}",
        }
    )


def meta(call: Call) -> Reply:
    """GET /meta: all of it is this machine."""
    return Reply({"verifiable_password_authentication": False, **{name: ["127.0.0.1/32"] for name in NETWORKS}})


def versions(call: Call) -> Reply:
    """GET /versions"""
    return Reply([NEWER, VERSION])


routes = [
    Route("GET", "/", root, docs="meta/meta#github-api-root", anonymous=True),
    Route("GET", "/meta", meta, docs="meta/meta#get-github-meta-information", anonymous=True),
    Route("GET", "/versions", versions, docs="meta/meta#get-all-api-versions", anonymous=True),
]
