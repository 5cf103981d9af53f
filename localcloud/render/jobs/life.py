"""How one-off jobs are run, canceled and forgotten."""

from __future__ import annotations

import asyncio

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.deploys.commands import run_command
from localcloud.render.deploys.model import Deploy, live_deploy
from localcloud.render.events.model import record
from localcloud.render.jobs.bodies import JobCreate
from localcloud.render.jobs.model import UNDER_WAY, Job
from localcloud.render.local_render import LocalRender
from localcloud.render.services.model import Service


def create(render: LocalRender, service: Service, want: JobCreate) -> Job:
    """Begin a job in the background."""
    if service.suspended:
        raise ApiError(400, "cannot run a job of a suspended service")
    live = live_deploy(render.store, service.id)
    if live is None:
        raise ApiError(400, f"service {service.id} has no live deploy to run a job with")
    job = Job(
        id=ids.new("job"),
        service_id=service.id,
        start_command=want.start_command,
        plan_id=want.plan_id or f"plan-{service.plan}",
        status="pending",
        created_at=ids.micros(ids.now()),
    )
    render.store.put(job)
    render.tasks.spawn(_run(render, live, job))
    return job


async def cancel(render: LocalRender, job: Job) -> Job:
    """End a job that is under way."""
    if job.status not in UNDER_WAY:
        raise ApiError(400, f"job {job.id} cannot be canceled: it is {job.status}")
    job = render.store.change(job, status="canceled", finished_at=ids.micros(ids.now()))
    await asyncio.to_thread(render.runtime.cancel, job.service_id, job.id)
    return job


async def remove_all(render: LocalRender, service_id: str) -> None:
    """End a service's jobs and forget them."""
    for job in render.store.all(Job, lambda job: job.service_id == service_id):
        await asyncio.to_thread(render.runtime.cancel, service_id, job.id)
        render.store.remove(job)


def fail_interrupted(render: LocalRender) -> None:
    """After a restart of the daemon: what ran when it ended did not succeed."""
    for job in render.store.all(Job, lambda job: job.status in UNDER_WAY):
        render.store.change(job, status="failed", finished_at=ids.micros(ids.now()))


async def _run(render: LocalRender, live: Deploy, job: Job) -> None:
    render.store.change(job, status="running", started_at=ids.micros(ids.now()))
    code = await run_command(render, live, job.start_command, run_id=job.id, log_name=job.id)
    current = render.store.get(Job, job.id)
    if current is not None and current.status == "running":
        status = "succeeded" if code == 0 else "failed"
        render.store.change(current, status=status, finished_at=ids.micros(ids.now()))
        why = {"reason": {"evicted": False, "nonZeroExit": code}} if code else {}
        record(render.store, job.service_id, "job_run_ended", jobId=job.id, status=status, **why)
