"""Commands that run once beside a service: one-off jobs and cron runs."""

from __future__ import annotations

import asyncio

from localcloud.render.api import ids
from localcloud.render.api.old import Record
from localcloud.render.deploys.steps import release_of
from localcloud.render.local_render import LocalRender
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.values import Run

RUN_SECONDS = 12 * 3600.0  # Render ends a cron run after 12 hours
ACTIVE = "pending"


async def carry_out(
    render: LocalRender, service: Record, live: Record, command: str | tuple[str, ...], *, run_id: str, log_name: str
) -> int | None:
    """Run a command with a deploy's release and environment; None when it could not run to its end."""

    def log(line: str) -> None:
        render.runtime.logs.append(service["id"], line, type="app", instance=run_id)

    try:
        run = Run(
            service["id"],
            run_id,
            release_of(live),
            command,
            live["_run"]["env"],
            log_name=log_name,
            timeout=RUN_SECONDS,
        )
        return await asyncio.to_thread(render.runtime.instances.run, run, log)
    except RuntimeFailure as failure:
        await asyncio.to_thread(log, f"==> {failure.message}")
        return None


def active(render: LocalRender, service_id: str) -> list[Record]:
    """The cron runs of a service that have not ended."""
    return render.old.all("cron_run", lambda run: bool(run["serviceId"] == service_id and run["status"] == ACTIVE))


def start(render: LocalRender, service: Record, live: Record, triggered_by: str) -> Record:
    """Begin a cron run in the background."""
    run = {
        "id": ids.new("crr"),
        "serviceId": service["id"],
        "status": ACTIVE,
        "startedAt": ids.micros(ids.now()),
        "triggeredBy": triggered_by,
    }
    render.old.put("cron_run", run)
    render.tasks.spawn(_run(render, service, live, run))
    return run


async def cancel(render: LocalRender, run: Record, canceled_by: str) -> None:
    """End a run that is under way."""
    run.update(status="canceled", finishedAt=ids.micros(ids.now()), canceledBy=canceled_by)
    render.old.put("cron_run", run)
    await asyncio.to_thread(render.runtime.cancel, run["serviceId"], run["id"])


async def _run(render: LocalRender, service: Record, live: Record, run: Record) -> None:
    command = live["_run"]["command"]
    code = await carry_out(render, service, live, command, run_id=run["id"], log_name="cron")
    if render.old.get("cron_run", run["id"]) is run and run["status"] == ACTIVE:
        run.update(status="successful" if code == 0 else "unsuccessful", finishedAt=ids.micros(ids.now()))
        render.old.put("cron_run", run)
        if code == 0:
            service["serviceDetails"]["lastSuccessfulRunAt"] = run["finishedAt"]
            render.old.put("service", service)


async def forget_interrupted(render: LocalRender) -> None:
    """After a restart of the daemon: what ran when it ended did not succeed."""
    for kind, busy, failed in (("job", {"pending", "running"}, "failed"), ("cron_run", {ACTIVE}, "unsuccessful")):
        for run in render.old.all(kind):
            if run["status"] in busy:
                run.update(status=failed, finishedAt=ids.micros(ids.now()))
                render.old.put(kind, run)
                await asyncio.sleep(0)
