"""How runs of cron jobs begin, end and are forgotten."""

from __future__ import annotations

import asyncio

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.cron_runs.model import CronRun, under_way
from localcloud.render.deploys.commands import run_command
from localcloud.render.deploys.model import Deploy, live_deploy
from localcloud.render.local_render import LocalRender
from localcloud.render.services.model import Service


async def run_now(render: LocalRender, service: Service) -> CronRun:
    """A run on demand; it cancels one that is under way."""
    if service.suspended:
        raise ApiError(400, "cannot run suspended cron job")
    live = live_deploy(render.store, service.id)
    if live is None:
        raise ApiError(400, f"cron job {service.id} has no live deploy")
    await cancel(render, service)
    return start(render, live, render.owner.email)


def start(render: LocalRender, live: Deploy, triggered_by: str) -> CronRun:
    """Begin a run in the background."""
    run = CronRun(
        id=ids.new("crr"),
        service_id=live.service_id,
        status="pending",
        started_at=ids.micros(ids.now()),
        triggered_by=triggered_by,
    )
    render.store.put(run)
    render.tasks.spawn(_run(render, live, run))
    return run


async def cancel(render: LocalRender, service: Service) -> None:
    """End the runs that are under way."""
    for run in under_way(render.store, service.id):
        stamp = ids.micros(ids.now())
        render.store.change(run, status="canceled", finished_at=stamp, canceled_by=render.owner.email)
        await asyncio.to_thread(render.runtime.cancel, service.id, run.id)


async def remove_all(render: LocalRender, service_id: str) -> None:
    """End a service's runs and forget them."""
    for run in render.store.all(CronRun, lambda run: run.service_id == service_id):
        await asyncio.to_thread(render.runtime.cancel, service_id, run.id)
        render.store.remove(run)


def fail_interrupted(render: LocalRender) -> None:
    """After a restart of the daemon: what ran when it ended did not succeed."""
    for run in render.store.all(CronRun, lambda run: run.status == "pending"):
        render.store.change(run, status="unsuccessful", finished_at=ids.micros(ids.now()))


async def _run(render: LocalRender, live: Deploy, run: CronRun) -> None:
    command = live.snapshot.command if live.snapshot else ""
    code = await run_command(render, live, command, run_id=run.id, log_name="cron")
    current, stamp = render.store.get(CronRun, run.id), ids.micros(ids.now())
    if current is None or current.status != "pending":
        return
    render.store.change(current, status="successful" if code == 0 else "unsuccessful", finished_at=stamp)
    service = render.store.get(Service, run.service_id)
    if code == 0 and service is not None:
        render.store.change(service, last_successful_run_at=stamp)
