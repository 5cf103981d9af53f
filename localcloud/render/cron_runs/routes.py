"""Runs of cron jobs on demand. https://api-docs.render.com/reference/run-cron-job"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.http import empty, public
from localcloud.render.api.old import Record
from localcloud.render.cron_runs import runs
from localcloud.render.local_render import render_of


async def create(request: Request) -> Response:
    """POST /cron-jobs/{id}/runs: cancels a run under way. Render answers 200."""
    render, service = render_of(request), _service(request)
    if service["suspended"] == "suspended":
        raise ApiError(400, "cannot run suspended cron job")
    live = render.deployer.live(service["id"])
    if live is None:
        raise ApiError(400, f"cron job {service['id']} has no live deploy")
    for run in runs.active(render, service["id"]):
        await runs.cancel(render, run, render.owner.email)
    return JSONResponse(public(runs.start(render, service, live, render.owner.email), drop=("serviceId",)))


async def cancel(request: Request) -> Response:
    """DELETE /cron-jobs/{id}/runs"""
    render, service = render_of(request), _service(request)
    for run in runs.active(render, service["id"]):
        await runs.cancel(render, run, render.owner.email)
    return empty(204)


async def recent(request: Request) -> Response:
    """GET /_local/cron-jobs/{id}/runs: Render shows past runs only as events, tests want to see them."""
    render, service = render_of(request), _service(request)
    found = render.old.all("cron_run", lambda run: bool(run["serviceId"] == service["id"]))
    return JSONResponse([public(run, drop=("serviceId",)) for run in found[::-1]])


def _service(request: Request) -> Record:
    service = render_of(request).find("service", request.path_params["id"])
    if service["type"] != "cron_job":
        raise ApiError(404, f"not found: {service['id']}")
    return service


routes = [
    Route("/v1/cron-jobs/{id}/runs", create, methods=["POST"]),
    Route("/v1/cron-jobs/{id}/runs", cancel, methods=["DELETE"]),
    Route("/_local/cron-jobs/{id}/runs", recent, methods=["GET"]),
]
