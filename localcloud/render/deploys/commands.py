"""Commands that run once beside a service, with its live release: one-off jobs and cron runs."""

from __future__ import annotations

import asyncio

from localcloud.render.deploys.model import Deploy
from localcloud.render.local_render import LocalRender
from localcloud.render.oidc.issuer import subject
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.values import Command, Run
from localcloud.render.services.model import Service
from localcloud.render.services.plans import cpus, memory_mb

RUN_SECONDS = 12 * 3600.0  # Render ends a cron run after 12 hours


async def run_command(
    render: LocalRender, live: Deploy, command: Command, *, run_id: str, log_name: str
) -> int | None:
    """Run a command with a deploy's release and environment; None when it could not run to its end."""
    service, runtime = render.store.get(Service, live.service_id), render.runtime
    if live.snapshot is None or service is None:
        return None

    def log(line: str) -> None:
        runtime.logs.append(live.service_id, line, type="app", instance=run_id)

    run = Run(
        live.service_id,
        run_id,
        live.snapshot.release,
        command,
        live.snapshot.env,
        log_name=log_name,
        timeout=RUN_SECONDS,
        subject=subject(service),
        memory_mb=memory_mb(service.plan),
        cpus=cpus(service.plan),
    )
    try:
        return await asyncio.to_thread(runtime.instances.run, run, log)
    except RuntimeFailure as failure:
        await asyncio.to_thread(log, f"==> {failure.message}")
        return None
