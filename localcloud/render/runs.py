"""Commands that run once beside a service: one-off jobs and cron runs."""

from __future__ import annotations

import asyncio

from localcloud.render import ids
from localcloud.render.cloud import Cloud
from localcloud.render.deploy_steps import release_of
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.values import Run
from localcloud.render.store import Record

RUN_SECONDS = 12 * 3600.0  # Render ends a cron run after 12 hours
ACTIVE = "pending"


async def carry_out(
    cloud: Cloud, service: Record, live: Record, command: str | tuple[str, ...], *, run_id: str, log_name: str
) -> int | None:
    """Run a command with a deploy's release and environment; None when it could not run to its end."""

    def log(line: str) -> None:
        cloud.runtime.logs.append(service["id"], line, type="app", instance=run_id)

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
        return await cloud.run(cloud.runtime.instances.run, run, log)
    except RuntimeFailure as failure:
        await cloud.run(log, f"==> {failure.message}")
        return None


def active(cloud: Cloud, service_id: str) -> list[Record]:
    """The cron runs of a service that have not ended."""
    return cloud.store.all("cron_run", lambda run: bool(run["serviceId"] == service_id and run["status"] == ACTIVE))


def start(cloud: Cloud, service: Record, live: Record, triggered_by: str) -> Record:
    """Begin a cron run in the background."""
    run = {
        "id": ids.new("crr"),
        "serviceId": service["id"],
        "status": ACTIVE,
        "startedAt": ids.micros(ids.now()),
        "triggeredBy": triggered_by,
    }
    cloud.store.put("cron_run", run)
    cloud.spawn(_run(cloud, service, live, run))
    return run


async def cancel(cloud: Cloud, run: Record, canceled_by: str) -> None:
    """End a run that is under way."""
    run.update(status="canceled", finishedAt=ids.micros(ids.now()), canceledBy=canceled_by)
    cloud.store.put("cron_run", run)
    await cloud.run(cloud.runtime.cancel, run["serviceId"], run["id"])


async def _run(cloud: Cloud, service: Record, live: Record, run: Record) -> None:
    command = live["_run"]["command"]
    code = await carry_out(cloud, service, live, command, run_id=run["id"], log_name="cron")
    if cloud.store.get("cron_run", run["id"]) is run and run["status"] == ACTIVE:
        run.update(status="successful" if code == 0 else "unsuccessful", finishedAt=ids.micros(ids.now()))
        cloud.store.put("cron_run", run)
        if code == 0:
            service["serviceDetails"]["lastSuccessfulRunAt"] = run["finishedAt"]
            cloud.store.put("service", service)


async def forget_interrupted(cloud: Cloud) -> None:
    """After a restart of the daemon: what ran when it ended did not succeed."""
    for kind, busy, failed in (("job", {"pending", "running"}, "failed"), ("cron_run", {ACTIVE}, "unsuccessful")):
        for run in cloud.store.all(kind):
            if run["status"] in busy:
                run.update(status=failed, finishedAt=ids.micros(ids.now()))
                cloud.store.put(kind, run)
                await asyncio.sleep(0)
