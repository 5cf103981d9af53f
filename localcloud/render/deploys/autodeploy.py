"""Deploys services when the branch that they follow moves."""

from __future__ import annotations

import asyncio

from localcloud.render.api.old import Record
from localcloud.render.deploys.source import commit_of
from localcloud.render.deploys.steps import new_deploy
from localcloud.render.local_render import LocalRender
from localcloud.render.tasks import log

SECONDS = 1.0


async def watch(render: LocalRender) -> None:
    """Look once a second, for as long as the daemon runs."""
    while True:
        await asyncio.sleep(SECONDS)
        try:
            await look(render)
        except Exception:  # noqa: BLE001 - whatever it was, the next look may succeed
            log.exception("cannot follow branches")


async def look(render: LocalRender) -> None:
    """One look at each branch that a service follows. `checksPass` follows none: no checks report to this machine."""
    followers: dict[tuple[str, str], list[Record]] = {}
    for service in render.old.all("service", _follows):
        followers.setdefault((service["repo"], service["branch"]), []).append(service)
    for (repo, branch), services in followers.items():
        commit = await asyncio.to_thread(render.runtime.releases.branch_head, repo, branch)
        for service in services:
            if commit is None or service.get("_head") == commit or not _follows(service):
                continue
            shown = await commit_of(render, commit)
            if render.old.get("service", service["id"]) is not service or service["suspended"] == "suspended":
                continue
            service["_head"] = commit
            render.old.put("service", service)
            render.deployer.request(service, new_deploy(service, "new_commit", commit=shown, image=None))


def _follows(service: Record) -> bool:
    commit = service["autoDeployTrigger"] == "commit"
    return bool(commit and service.get("repo") and service["suspended"] == "not_suspended")
