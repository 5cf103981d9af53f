"""Brings back what the store says should run, when the daemon starts."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import TypeVar

from localcloud.render import runs
from localcloud.render.cloud import Cloud, log
from localcloud.render.deploy_steps import launch, note
from localcloud.render.resources import key_value, postgres, services
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.store import Record

AT_ONCE = 4
Result = TypeVar("Result")


async def recover(cloud: Cloud) -> None:
    """Databases and stores first, then the services that were live, then the deploys that were interrupted."""
    await cloud.run(cloud.runtime.start)
    databases = cloud.store.all("postgres", lambda record: bool(record["suspended"] == "not_suspended"))
    stores = cloud.store.all("key_value", lambda record: not record["_suspended"])
    troubles = await _some_at_once(
        [postgres.bring_up(cloud, record) for record in databases]
        + [key_value.bring_up(cloud, record) for record in stores]
    )
    for trouble in troubles:
        if trouble:  # without its data no service could come up: say it at once
            raise trouble
    await runs.forget_interrupted(cloud)
    await _some_at_once(_serve_again(cloud, service) for service in cloud.store.all("service"))
    cloud.deployer.resume_interrupted()


async def _serve_again(cloud: Cloud, service: Record) -> None:
    await services.publish(cloud, service)
    live = cloud.deployer.live(service["id"])
    if live is None or service["suspended"] == "suspended":
        return
    try:
        await launch(cloud, service, live)
    except RuntimeFailure as failure:
        log.error("service %s does not come up again: %s", service["name"], failure.message)
        await note(cloud, live, f"==> {failure.message}")


async def _some_at_once(work: Iterable[Coroutine[None, None, Result]]) -> list[Result]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(piece: Coroutine[None, None, Result]) -> Result:
        async with gate:
            return await piece

    return await asyncio.gather(*(one(piece) for piece in work))
