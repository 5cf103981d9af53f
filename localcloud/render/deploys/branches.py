"""Deploys services when the branch that they follow moves."""

from __future__ import annotations

import asyncio

from localcloud.render.deploys.commits import find_commit
from localcloud.render.deploys.model import new_deploy
from localcloud.render.local_render import LocalRender
from localcloud.render.services.model import Service
from localcloud.render.tasks import log

SECONDS = 0.1  # about as soon as a Git host tells Render; a look reads a file for each branch


async def watch(render: LocalRender) -> None:
    """Look ten times a second, for as long as the daemon runs."""
    while True:
        await asyncio.sleep(SECONDS)
        try:
            await look(render)
        except Exception:  # noqa: BLE001 - whatever it was, the next look may succeed
            log.exception("cannot follow branches")


async def look(render: LocalRender) -> None:
    """One look at each branch that a service follows. `checksPass` follows none: no checks report to this machine."""
    followers: dict[tuple[str, str], list[str]] = {}
    for service in render.store.all(Service, _follows):
        followers.setdefault((service.repo or "", service.branch), []).append(service.id)
    for (repo, branch), services in followers.items():
        commit = await asyncio.to_thread(render.runtime.releases.branch_head, repo, branch)
        for service_id in services:
            if commit is not None and _behind(render, service_id, commit):
                await _deploy(render, service_id, commit)


async def _deploy(render: LocalRender, service_id: str, commit_id: str) -> None:
    commit = await find_commit(render.runtime.releases, commit_id)
    service = render.store.get(Service, service_id)
    if service is not None and not service.suspended:
        service = render.store.change(service, head=commit_id)
        render.deployer.request(service, new_deploy(service, "new_commit", commit=commit, image=None))


def _behind(render: LocalRender, service_id: str, commit: str) -> bool:
    service = render.store.get(Service, service_id)
    return service is not None and service.head != commit and _follows(service)


def _follows(service: Service) -> bool:
    return service.auto_deploy_trigger == "commit" and bool(service.repo) and not service.suspended
