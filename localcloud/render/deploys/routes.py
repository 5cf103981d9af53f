"""Deploys and rollbacks. https://api-docs.render.com/reference/create-deploy"""

from __future__ import annotations

import asyncio
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.http import empty, parse
from localcloud.render.api.pages import page, wanted
from localcloud.render.deploys import life
from localcloud.render.deploys.bodies import DeployCreate, Rollback, deploy_body
from localcloud.render.deploys.model import Deploy
from localcloud.render.local_render import LocalRender, record_of, render_of
from localcloud.render.services.model import Service

REPLY_SECONDS = 20.0


async def create(request: Request) -> Response:
    """POST /services/{id}/deploys: 201 with the deploy, or 202 and nothing when it waits behind another."""
    render, want, service = render_of(request), await parse(request, DeployCreate), record_of(request, Service)
    return await _start(render, service, await life.prepare(render, service, want))


async def rollback(request: Request) -> Response:
    """POST /services/{id}/rollback: an older release with the command and variables that the service had then."""
    render, want, service = render_of(request), await parse(request, Rollback), record_of(request, Service)
    return await _start(render, service, life.prepare_rollback(service, _deploy(render, service, want.deploy_id)))


async def listing(request: Request) -> Response:
    """GET /services/{id}/deploys: newest first."""
    service = record_of(request, Service)
    match = wanted(request, Deploy, status=lambda deploy: deploy.status)
    deploys = render_of(request).store.numbered(
        Deploy, lambda deploy: deploy.service_id == service.id and match(deploy)
    )
    return page(request, deploys[::-1], "deploy", deploy_body)


async def get(request: Request) -> Response:
    """GET /services/{id}/deploys/{deploy}"""
    return JSONResponse(
        deploy_body(_deploy(render_of(request), record_of(request, Service), request.path_params["deploy"]))
    )


async def cancel(request: Request) -> Response:
    """POST …/cancel"""
    render, service = render_of(request), record_of(request, Service)
    deploy = _deploy(render, service, request.path_params["deploy"])
    if service.type == "cron_job":
        raise ApiError(400, "deploys of cron jobs cannot be canceled")
    await render.deployer.cancel(deploy)
    return JSONResponse(deploy_body(render.store.find(Deploy, deploy.id)))


async def _start(render: LocalRender, service: Service, deploy: Deploy) -> Response:
    task = render.deployer.request(render.store.find(Service, service.id), deploy)
    if task is None:
        return empty(202)
    if deploy.image:
        await _resolved(render, service, deploy.id, task)
    return JSONResponse(deploy_body(render.store.find(Deploy, deploy.id)), 201)


async def _resolved(render: LocalRender, service: Service, deploy_id: str, task: asyncio.Task[None]) -> None:
    """Render's reply knows the image's digest already, and an image-backed cron job's deploy is live in it."""
    deadline = time.monotonic() + REPLY_SECONDS
    while not task.done() and time.monotonic() < deadline:
        image = render.store.find(Deploy, deploy_id).image
        if service.type != "cron_job" and image and image.sha:
            return
        await asyncio.wait([task], timeout=0.02)


def _deploy(render: LocalRender, service: Service, key: str) -> Deploy:
    deploy = render.store.find(Deploy, key)
    if deploy.service_id != service.id:
        raise ApiError(404, f"not found: {key}")
    return deploy


routes = [
    Route("/v1/services/{id}/deploys", create, methods=["POST"]),
    Route("/v1/services/{id}/deploys", listing, methods=["GET"]),
    Route("/v1/services/{id}/deploys/{deploy}", get, methods=["GET"]),
    Route("/v1/services/{id}/deploys/{deploy}/cancel", cancel, methods=["POST"]),
    Route("/v1/services/{id}/rollback", rollback, methods=["POST"]),
]
