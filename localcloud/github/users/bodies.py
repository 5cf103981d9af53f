"""Users as GitHub writes them."""

from __future__ import annotations

from typing import Any

from localcloud.github.store import GitHub, api_url, node_id
from localcloud.github.users.model import User, known

PAGES = {
    "followers_url": "followers",
    "following_url": "following{/other_user}",
    "gists_url": "gists{/gist_id}",
    "starred_url": "starred{/owner}{/repo}",
    "subscriptions_url": "subscriptions",
    "organizations_url": "orgs",
    "repos_url": "repos",
    "events_url": "events{/privacy}",
    "received_events_url": "received_events",
}


def user_body(user: User) -> dict[str, Any]:
    """A user inside another document."""
    address = f"{api_url()}/users/{user.login}"
    return {
        "login": user.login,
        "id": user.number,
        "node_id": node_id("U", user.number),
        "avatar_url": f"{api_url()}/_local/avatar/{user.number}",
        "gravatar_id": "",
        "url": address,
        "html_url": f"{api_url()}/{user.login}",
        **{name: f"{address}/{path}" for name, path in PAGES.items()},
        "type": user.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def user_named(github: GitHub, login: str) -> dict[str, Any]:
    """The user of that login, inside another document."""
    return user_body(known(github, login))


def whole_user_body(user: User) -> dict[str, Any]:
    """A user alone."""
    nothing = dict.fromkeys(("company", "location", "email", "hireable", "bio", "twitter_username"))
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    times = {"created_at": user.created_at, "updated_at": user.created_at}
    return {**user_body(user), "name": user.login, "blog": "", **nothing, **counts, **times}
