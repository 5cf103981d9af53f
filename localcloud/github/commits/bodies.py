"""Commits as GitHub writes them."""

from __future__ import annotations

from typing import Any

from localcloud.github.commits.model import Commit, Signature
from localcloud.github.repositories.bodies import html_url, url
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub
from localcloud.github.users.bodies import user_body
from localcloud.github.users.model import User

UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def commit_body(github: GitHub, repository: Repository, commit: Commit) -> dict[str, Any]:
    """A commit with its parents and who is behind it."""
    address = f"{url(repository)}/commits/{commit.sha}"
    return {
        "url": address,
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "html_url": f"{html_url(repository)}/commit/{commit.sha}",
        "comments_url": f"{address}/comments",
        "commit": {
            "url": f"{url(repository)}/git/commits/{commit.sha}",
            "author": vars(commit.author),
            "committer": vars(commit.committer),
            "message": commit.message,
            "tree": _tree(repository, commit.tree),
            "comment_count": 0,
            "verification": UNSIGNED,
        },
        "author": _user(github, commit.author),
        "committer": _user(github, commit.committer),
        "parents": [
            {
                "url": f"{url(repository)}/commits/{sha}",
                "html_url": f"{html_url(repository)}/commit/{sha}",
                "sha": sha,
            }
            for sha in commit.parents
        ],
    }


def git_commit_body(repository: Repository, commit: Commit) -> dict[str, Any]:
    """A commit as an object of Git."""
    return {
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "url": f"{url(repository)}/git/commits/{commit.sha}",
        "html_url": f"{html_url(repository)}/commit/{commit.sha}",
        "author": vars(commit.author),
        "committer": vars(commit.committer),
        "tree": _tree(repository, commit.tree),
        "message": commit.message,
        "parents": [
            {
                "sha": sha,
                "url": f"{url(repository)}/git/commits/{sha}",
                "html_url": f"{html_url(repository)}/commit/{sha}",
            }
            for sha in commit.parents
        ],
        "verification": UNSIGNED,
    }


def pushed_commit_body(repository: Repository, commit: Commit) -> dict[str, Any]:
    """A commit as an event tells of it."""
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "distinct": True,
        "message": commit.message,
        "timestamp": commit.committer.date,
        "url": f"{html_url(repository)}/commit/{commit.sha}",
        "author": {"name": commit.author.name, "email": commit.author.email},
        "committer": {"name": commit.committer.name, "email": commit.committer.email},
    }


def _tree(repository: Repository, sha: str) -> dict[str, str]:
    return {"sha": sha, "url": f"{url(repository)}/git/trees/{sha}"}


def _user(github: GitHub, signature: Signature) -> dict[str, Any] | None:
    """The user of that address, as those have it whom this GitHub lets commit."""
    found = github.store.get(User, email_owner(signature.email))
    return user_body(found) if found else None


def email_owner(email: str) -> str:
    """The login in an address of GitHub's that keeps the real one private: `42+octocat@users.noreply.github.com`."""
    local, _, host = email.partition("@")
    return local.rpartition("+")[2].lower() if host == "users.noreply.github.com" else ""
