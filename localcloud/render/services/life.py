"""How services come, change and go."""

from __future__ import annotations

import asyncio

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.store import Record, Store
from localcloud.render.cron_runs import life as cron_runs
from localcloud.render.custom_domains.model import domains_of
from localcloud.render.deploys.commits import find_branch, find_commit, head_commit
from localcloud.render.deploys.model import Deploy, deploys_of, live_deploy, new_deploy
from localcloud.render.env_groups.model import links_of
from localcloud.render.events.model import events_of, record
from localcloud.render.jobs import life as jobs
from localcloud.render.local_render import LocalRender
from localcloud.render.services.bodies import ServiceChange, ServiceCreate
from localcloud.render.services.model import SERVING, Service
from localcloud.render.services.settings import changed_fields, new_service


async def create(render: LocalRender, want: ServiceCreate) -> tuple[Service, Deploy]:
    """A new service; its first deploy starts at once."""
    service, commit = new_service(render.store, want), None
    if service.repo:
        branch, head = await find_branch(render.runtime.releases, service.repo, service.branch)
        commit = await find_commit(render.runtime.releases, head)
        service = service.model_copy(update={"branch": branch, "head": head})
    url = await asyncio.to_thread(render.runtime.edge.url, service.id)
    _check_name(render.store, service, service.name)  # the last check, with no await before the service is kept
    service = render.store.put(service.model_copy(update={"url": url}))
    await publish(render, service)
    deploy = new_deploy(service, "api", commit=commit, image=service.image)
    render.deployer.request(service, deploy)
    return service, deploy


async def change(render: LocalRender, service: Service, want: ServiceChange) -> Service:
    """Change what was sent. Deploys nothing."""
    fields = changed_fields(render.store, service, want)
    if fields["repo"] and (want.repo or want.branch or not service.repo):
        branch, head = await find_branch(render.runtime.releases, fields["repo"], fields["branch"])
        fields |= {"branch": branch, "head": head}
    _check_name(render.store, service, fields.get("name", service.name))
    service = render.store.change(service, **fields, updated_at=ids.now())
    if "maintenance_mode" in fields:
        await _set_maintenance(render, service)
    return service


async def remove(render: LocalRender, service: Service) -> None:
    """End a service and forget what belongs to it: deploys, jobs, runs, domains, links."""
    service = render.store.change(service, suspended=True)  # nothing starts it again while it is taken down
    await render.deployer.halt(service.id)
    await jobs.remove_all(render, service.id)
    await cron_runs.remove_all(render, service.id)
    async with render.tasks.lock(service.id):
        await asyncio.to_thread(render.runtime.remove_service, service.id)
    belongings: list[Record] = [
        *deploys_of(render.store, service.id),
        *domains_of(render.store, service.id),
        *links_of(render.store, service.id),
        *events_of(render.store, service.id),
    ]
    for belonging in belongings:
        render.store.remove(belonging)
    render.store.remove(service)


async def publish(render: LocalRender, service: Service) -> None:
    """Tell the edge how a service is reached."""
    names = {domain.name: domain.redirect_for_name for domain in domains_of(render.store, service.id)}
    await asyncio.to_thread(render.runtime.edge.set_names, service.id, service.slug, names)
    current = render.store.get(Service, service.id)
    if current is not None and current.maintenance_mode.enabled:
        await _set_maintenance(render, current)


async def suspend(render: LocalRender, service: Service) -> None:
    """End its instances and what it is busy with, until it is resumed."""
    record(render.store, service.id, "service_suspended")
    render.store.change(service, suspended=True, updated_at=ids.now())
    await render.deployer.halt(service.id)
    async with render.tasks.lock(service.id):
        await asyncio.to_thread(render.runtime.instances.stop, service.id)


async def resume(render: LocalRender, service: Service) -> None:
    """Start a deploy of a suspended service; one that is not suspended goes on."""
    if not service.suspended:
        return
    commit = await head_commit(render.runtime.releases, service)
    service = render.store.change(service, suspended=False, updated_at=ids.now())
    record(render.store, service.id, "service_resumed")
    render.deployer.request(service, new_deploy(service, "service_resumed", commit=commit, image=service.image))


def restart(render: LocalRender, service: Service) -> None:
    """Start new instances of the live deploy, then end the old ones."""
    if service.type not in SERVING:
        raise ApiError(400, f"cannot restart a {service.type}")
    if service.suspended:
        raise ApiError(400, "cannot restart suspended service")
    record(render.store, service.id, "server_restarted", triggeredByUser=render.owner.email)
    render.tasks.spawn(render.deployer.relaunch(service.id, replace=True))


def scale(render: LocalRender, service: Service, count: int) -> None:
    """Run so many instances."""
    if service.type not in SERVING:
        raise ApiError(400, f"cannot scale a {service.type}")
    counts = {"fromInstances": service.num_instances, "toInstances": count}
    record(render.store, service.id, "instance_count_changed", **counts)
    render.store.change(service, num_instances=count, updated_at=ids.now())
    if (live := live_deploy(render.store, service.id)) and live.snapshot:
        render.store.change(live, snapshot=live.snapshot.model_copy(update={"instances": count}))
    render.tasks.spawn(render.deployer.relaunch(service.id, replace=False))


async def _set_maintenance(render: LocalRender, service: Service) -> None:
    mode = service.maintenance_mode
    await asyncio.to_thread(render.runtime.edge.set_maintenance, service.id, mode.enabled, mode.uri)


def _check_name(store: Store, service: Service, name: str) -> None:
    for other in store.all(Service, lambda other: other.name == name and other.id != service.id):
        raise ApiError(400, f"name: {name} is already in use by {other.id}")
