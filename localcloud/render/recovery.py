"""Brings back what the store says should run, when the daemon starts."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import TypeVar

from localcloud.render.cron_runs import life as cron_runs
from localcloud.render.deploys.model import live_deploy
from localcloud.render.jobs import life as jobs
from localcloud.render.key_value import life as key_value
from localcloud.render.key_value.model import KeyValue
from localcloud.render.local_render import LocalRender
from localcloud.render.postgres import life as postgres
from localcloud.render.postgres.model import Postgres
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.services import life as services
from localcloud.render.services.model import Service
from localcloud.render.tasks import log

AT_ONCE = 4
Result = TypeVar("Result")


async def recover(render: LocalRender) -> None:
    """Databases and stores first, then the services that were live, then the deploys that were interrupted."""
    await asyncio.to_thread(render.runtime.start)
    troubles = await _some_at_once(
        [postgres.bring_up(render, database) for database in render.store.all(Postgres)]
        + [key_value.bring_up(render, store) for store in render.store.all(KeyValue)]
    )
    for trouble in troubles:
        if trouble:  # without its data no service could come up: say it at once
            raise trouble
    jobs.fail_interrupted(render)
    cron_runs.fail_interrupted(render)
    await _some_at_once(_serve_again(render, service) for service in render.store.all(Service))
    render.deployer.resume_interrupted()


async def _serve_again(render: LocalRender, service: Service) -> None:
    await services.publish(render, service)
    live = live_deploy(render.store, service.id)
    if live is None or service.suspended:
        return
    try:
        await render.deployer.steps.launch(service, live)
    except RuntimeFailure as failure:
        log.error("service %s does not come up again: %s", service.name, failure.message)
        await render.deployer.steps.note(live, f"==> {failure.message}")


async def _some_at_once(work: Iterable[Coroutine[None, None, Result]]) -> list[Result]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(piece: Coroutine[None, None, Result]) -> Result:
        async with gate:
            return await piece

    return await asyncio.gather(*(one(piece) for piece in work))
