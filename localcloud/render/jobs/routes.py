"""One-off jobs: a command with a service's live release and environment. https://api-docs.render.com/reference/post-job"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.http import parse
from localcloud.render.api.pages import page, wanted
from localcloud.render.jobs import life
from localcloud.render.jobs.bodies import JobCreate, job_body
from localcloud.render.jobs.model import Job
from localcloud.render.local_render import record_of, render_of
from localcloud.render.services.model import Service


async def create(request: Request) -> Response:
    """POST /services/{id}/jobs: the reply comes at once; poll for the end."""
    want = await parse(request, JobCreate)
    return JSONResponse(job_body(life.create(render_of(request), _service(request), want)), 201)


async def listing(request: Request) -> Response:
    """GET /services/{id}/jobs: newest first."""
    service = _service(request)
    match = wanted(request, Job, status=lambda job: job.status)
    jobs = render_of(request).store.numbered(Job, lambda job: job.service_id == service.id and match(job))
    return page(request, jobs[::-1], "job", job_body)


async def get(request: Request) -> Response:
    """GET /services/{id}/jobs/{job}"""
    return JSONResponse(job_body(_job(request)))


async def cancel(request: Request) -> Response:
    """POST …/cancel"""
    return JSONResponse(job_body(await life.cancel(render_of(request), _job(request))))


def _job(request: Request) -> Job:
    service, job = _service(request), render_of(request).store.find(Job, request.path_params["job"])
    if job.service_id != service.id:
        raise ApiError(404, f"not found: {job.id}")
    return job


def _service(request: Request) -> Service:
    service = record_of(request, Service)
    if service.type == "static_site":
        raise ApiError(400, "a static site has no jobs")
    return service


routes = [
    Route("/v1/services/{id}/jobs", create, methods=["POST"]),
    Route("/v1/services/{id}/jobs", listing, methods=["GET"]),
    Route("/v1/services/{id}/jobs/{job}", get, methods=["GET"]),
    Route("/v1/services/{id}/jobs/{job}/cancel", cancel, methods=["POST"]),
]
