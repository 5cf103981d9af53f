"""Runs of cron jobs on demand. https://api-docs.render.com/reference/run-cron-job"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.http import empty
from localcloud.render.cron_runs import life
from localcloud.render.cron_runs.bodies import run_body
from localcloud.render.cron_runs.model import CronRun
from localcloud.render.local_render import record_of, render_of
from localcloud.render.services.model import Service


async def create(request: Request) -> Response:
    """POST /cron-jobs/{id}/runs: cancels a run under way. Render answers 200."""
    return JSONResponse(run_body(await life.run_now(render_of(request), _service(request))))


async def cancel(request: Request) -> Response:
    """DELETE /cron-jobs/{id}/runs"""
    await life.cancel(render_of(request), _service(request))
    return empty(204)


async def recent(request: Request) -> Response:
    """GET /_local/cron-jobs/{id}/runs: Render shows past runs only as events, tests want to see them."""
    service = _service(request)
    runs = render_of(request).store.all(CronRun, lambda run: run.service_id == service.id)
    return JSONResponse([run_body(run) for run in reversed(runs)])


def _service(request: Request) -> Service:
    service = record_of(request, Service)
    if service.type != "cron_job":
        raise ApiError(404, f"not found: {service.id}")
    return service


routes = [
    Route("/v1/cron-jobs/{id}/runs", create, methods=["POST"]),
    Route("/v1/cron-jobs/{id}/runs", cancel, methods=["DELETE"]),
    Route("/_local/cron-jobs/{id}/runs", recent, methods=["GET"]),
]
