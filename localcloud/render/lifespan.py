"""The daemon's life: what was running comes back, branches and schedules are followed, and all of it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from localcloud.render.cron_runs.schedule import Scheduler
from localcloud.render.deploys import branches
from localcloud.render.events import life as events
from localcloud.render.local_render import LocalRender
from localcloud.render.recovery import recover

log = logging.getLogger("localcloud.render")
THREADS = 64  # each deploy may hold one for minutes; a cancel must still find one


@asynccontextmanager
async def lifespan(render: LocalRender, scheduler: Scheduler) -> AsyncIterator[None]:
    """Answer at once, and be ready once everything that should run does."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "runtime"))
    render.tasks.spawn(_come_up(render, scheduler))
    yield
    await _go_down(render)


async def _come_up(render: LocalRender, scheduler: Scheduler) -> None:
    events.listen(render)
    try:
        await recover(render)
    except Exception as failure:
        render.broken = str(failure)
        log.exception("the local Render cannot start")
        return
    render.ready = True
    render.tasks.spawn(branches.watch(render))
    render.tasks.spawn(scheduler.watch())


async def _go_down(render: LocalRender) -> None:
    render.ready = False
    render.deployer.closing = True
    await render.tasks.cancel_all()
    await asyncio.to_thread(render.runtime.stop)
    render.store.close()
