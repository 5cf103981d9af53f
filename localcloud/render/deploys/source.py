"""Where a branch stands: every repository's URL means the local cloud's own."""

from __future__ import annotations

import asyncio

from localcloud.render.api.errors import ApiError
from localcloud.render.api.old import Record
from localcloud.render.local_render import LocalRender
from localcloud.render.runtime.failures import RuntimeFailure

DEFAULT_BRANCHES = ("main", "master")


async def find_branch(render: LocalRender, repo: str, branch: str) -> tuple[str, str]:
    """The branch (the repository's default when none is named) and its head; 400 when there is none."""
    for name in (branch,) if branch else DEFAULT_BRANCHES:
        commit = await asyncio.to_thread(render.runtime.releases.branch_head, repo, name)
        if commit:
            return name, commit
    raise ApiError(400, f"branch {branch or DEFAULT_BRANCHES[0]} not found in {repo}")


async def head(render: LocalRender, service: Record) -> Record | None:
    """The commit that a service's branch is at, as deploys show it; None for an image. Sets the default branch."""
    if not service.get("repo"):
        return None
    service["branch"], commit = await find_branch(render, service["repo"], service["branch"])
    return await commit_of(render, commit)


async def commit_of(render: LocalRender, commit: str) -> Record:
    """A commit as deploys show it; 400 when the repository does not have it."""
    try:
        return {"id": commit, "message": await asyncio.to_thread(render.runtime.releases.commit_message, commit)}
    except RuntimeFailure as failure:
        raise ApiError(400, f"commit {commit} not found: {failure.message}") from failure
