"""A pull request as an event tells of it."""

from __future__ import annotations

from typing import Any

from localcloud.github.pulls.bodies import pull_body
from localcloud.github.pulls.model import Pull
from localcloud.github.repositories.bodies import repository_body
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub
from localcloud.github.users.bodies import user_named


def payload(github: GitHub, pull: Pull, actor: str) -> dict[str, Any]:
    """What every event of it has."""
    return {
        "pull_request": pull_body(github, pull),
        "repository": repository_body(github, github.store.find(Repository, pull.repository)),
        "sender": user_named(github, actor),
    }
