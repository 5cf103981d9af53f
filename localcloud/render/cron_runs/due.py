"""The address under which the clock's mover asks for the next cron run, and has what is due run to its end."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.machine import clock
from localcloud.machine.due import PATH, Happening
from localcloud.render.api import ids
from localcloud.render.cron_runs.model import CronRun
from localcloud.render.cron_runs.schedule import Scheduler
from localcloud.render.local_render import LocalRender
from localcloud.render.services.model import Service

RUN_SECONDS = 60.0  # of the machine; a run that takes longer goes on, and the next one of its job is left out
LOOK_SECONDS = 0.02


def routes(render: LocalRender, scheduler: Scheduler) -> list[Route]:
    """Look at what is due next, and carry out what is due by now."""

    async def look(_: Request) -> Response:
        at = scheduler.next_due(clock.now()) if render.ready else None
        return JSONResponse({"at": at.isoformat() if at else None})

    given_up: set[str] = set()  # runs that were waited for long enough

    async def carry_out(request: Request) -> Response:
        if render.ready:
            scheduler.tick(clock.now())
        for run in scheduler.runs():
            if run.id not in given_up and not await _ended(render, run):
                given_up.add(run.id)
        was_due = scheduler.was_due(datetime.fromisoformat(request.query_params["since"]))
        return JSONResponse([asdict(_told(render, due.service, due.run)) for due in was_due])

    return [Route(PATH, look, methods=["GET"]), Route(PATH, carry_out, methods=["POST"])]


async def _ended(render: LocalRender, run: CronRun) -> bool:
    until = time.monotonic() + RUN_SECONDS
    while (current := render.store.get(CronRun, run.id)) is not None and current.status == "pending":
        if time.monotonic() > until:
            return False
        await asyncio.sleep(LOOK_SECONDS)
    return True


def _told(render: LocalRender, service: Service, run: CronRun | None) -> Happening:
    if run is None:
        why = "the run before it has not ended"
        return Happening(ids.micros(ids.now()), "cron run", service.name, "skipped", why)
    current = render.store.get(CronRun, run.id)
    match current.status if current else "canceled":
        case "successful":
            return Happening(run.started_at, "cron run", service.name, "done")
        case "pending":
            return Happening(run.started_at, "cron run", service.name, "still running", f"after {RUN_SECONDS:g} s")
        case status:
            return Happening(run.started_at, "cron run", service.name, "failed", f"{status}; see its log")
