"""Where a branch stands: every repository's URL means the local cloud's own."""

from __future__ import annotations

import asyncio

from localcloud.render.api.errors import ApiError
from localcloud.render.deploys.model import Commit
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.protocols import Releases
from localcloud.render.services.model import Service

DEFAULT_BRANCHES = ("main", "master")


async def find_branch(releases: Releases, repo: str, branch: str) -> tuple[str, str]:
    """The branch (the repository's default when none is named) and its head; 400 when there is none."""
    for name in (branch,) if branch else DEFAULT_BRANCHES:
        commit = await asyncio.to_thread(releases.branch_head, repo, name)
        if commit:
            return name, commit
    raise ApiError(400, f"branch {branch or DEFAULT_BRANCHES[0]} not found in {repo}")


async def find_commit(releases: Releases, commit: str) -> Commit:
    """A commit with its message; 400 when the repository does not have it."""
    try:
        return Commit(id=commit, message=await asyncio.to_thread(releases.commit_message, commit))
    except RuntimeFailure as failure:
        raise ApiError(400, f"commit {commit} not found: {failure.message}") from failure


async def head_commit(releases: Releases, service: Service) -> Commit | None:
    """The commit that a service's branch is at; None for an image."""
    if not service.repo:
        return None
    _, commit = await find_branch(releases, service.repo, service.branch)
    return await find_commit(releases, commit)
