"""One-off jobs: a command with a service's live release and environment. https://api-docs.render.com/reference/post-job"""

from __future__ import annotations

import asyncio

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Body
from localcloud.render.api.http import parse, public
from localcloud.render.api.old import Record
from localcloud.render.api.pages import page, wanted
from localcloud.render.cron_runs.runs import carry_out
from localcloud.render.local_render import LocalRender, render_of


class JobCreate(Body):
    """POST /services/{id}/jobs"""

    start_command: str = Field(min_length=1)
    plan_id: str | None = None


async def create(request: Request) -> Response:
    """The reply comes at once; poll for the end."""
    render, want, service = render_of(request), await parse(request, JobCreate), _service(request)
    if service["suspended"] == "suspended":
        raise ApiError(400, "cannot run a job of a suspended service")
    live = render.deployer.live(service["id"])
    if live is None:
        raise ApiError(400, f"service {service['id']} has no live deploy to run a job with")
    job = {
        "id": ids.new("job"),
        "serviceId": service["id"],
        "startCommand": want.start_command,
        "planId": want.plan_id or f"plan-{service['serviceDetails'].get('plan', 'starter')}",
        "status": "pending",
        "createdAt": ids.micros(ids.now()),
    }
    render.old.put("job", job)
    reply = public(job)
    render.tasks.spawn(_run(render, service, live, job))
    return JSONResponse(reply, 201)


async def _run(render: LocalRender, service: Record, live: Record, job: Record) -> None:
    job.update(status="running", startedAt=ids.micros(ids.now()))
    render.old.put("job", job)
    code = await carry_out(render, service, live, job["startCommand"], run_id=job["id"], log_name="job")
    if render.old.get("job", job["id"]) is job and job["status"] == "running":
        job.update(status="succeeded" if code == 0 else "failed", finishedAt=ids.micros(ids.now()))
        render.old.put("job", job)


async def listing(request: Request) -> Response:
    """GET /services/{id}/jobs: newest first."""
    render, service = render_of(request), _service(request)
    match = wanted(request, dict, status=lambda record: record["status"])
    found = render.ordered(
        "job", lambda item: bool(item["serviceId"] == service["id"] and match(item)), newest_first=True
    )
    return page(request, found, "job", public)


async def get(request: Request) -> Response:
    """GET /services/{id}/jobs/{job}"""
    return JSONResponse(public(_find(request)))


async def cancel(request: Request) -> Response:
    """POST …/cancel"""
    render, job = render_of(request), _find(request)
    if job["status"] not in {"pending", "running"}:
        raise ApiError(400, f"job {job['id']} cannot be canceled: it is {job['status']}")
    job.update(status="canceled", finishedAt=ids.micros(ids.now()))
    render.old.put("job", job)
    await asyncio.to_thread(render.runtime.cancel, job["serviceId"], job["id"])
    return JSONResponse(public(job))


def _find(request: Request) -> Record:
    service, job = _service(request), render_of(request).find("job", request.path_params["job"])
    if job["serviceId"] != service["id"]:
        raise ApiError(404, f"not found: {job['id']}")
    return job


def _service(request: Request) -> Record:
    service = render_of(request).find("service", request.path_params["id"])
    if service["type"] == "static_site":
        raise ApiError(400, "a static site has no jobs")
    return service


routes = [
    Route("/v1/services/{id}/jobs", create, methods=["POST"]),
    Route("/v1/services/{id}/jobs", listing, methods=["GET"]),
    Route("/v1/services/{id}/jobs/{job}", get, methods=["GET"]),
    Route("/v1/services/{id}/jobs/{job}/cancel", cancel, methods=["POST"]),
]
