"""Services of all types. https://api-docs.render.com/reference/create-service"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.http import empty, parse
from localcloud.render.api.pages import page, wanted
from localcloud.render.environments.model import check_environment
from localcloud.render.local_render import LocalRender, record_of, render_of
from localcloud.render.registry_credentials.model import RegistryCredential
from localcloud.render.services import life
from localcloud.render.services.bodies import (
    Scale,
    ServiceChange,
    ServiceCreate,
    instance_body,
    service_body,
    suspension,
)
from localcloud.render.services.model import Service


async def create(request: Request) -> Response:
    """POST /services: the first deploy starts at once."""
    render, want = render_of(request), await parse(request, ServiceCreate)
    render.check_owner(want.owner_id)
    check_environment(render.store, want.environment_id)
    service, deploy = await life.create(render, want)
    return JSONResponse({"service": _body(render, service), "deployId": deploy.id}, 201)


async def listing(request: Request) -> Response:
    """GET /services"""
    render = render_of(request)
    match = wanted(
        request,
        Service,
        name=lambda service: service.name,
        type=lambda service: service.type,
        environmentId=lambda service: service.environment_id,
        env=lambda service: service.runtime,
        region=lambda service: None if service.type == "static_site" else service.region,
        suspended=suspension,
        ownerId=lambda service: service.owner_id,
    )
    return page(request, render.store.numbered(Service, match), "service", lambda service: _body(render, service))


async def get(request: Request) -> Response:
    """GET /services/{id}"""
    return JSONResponse(_body(render_of(request), record_of(request, Service)))


async def change(request: Request) -> Response:
    """PATCH /services/{id}: deploys nothing."""
    render, want = render_of(request), await parse(request, ServiceChange)
    return JSONResponse(_body(render, await life.change(render, record_of(request, Service), want)))


async def delete(request: Request) -> Response:
    """DELETE /services/{id}"""
    await life.remove(render_of(request), record_of(request, Service))
    return empty(204)


async def suspend(request: Request) -> Response:
    """POST /services/{id}/suspend"""
    await life.suspend(render_of(request), record_of(request, Service))
    return empty(202)


async def resume(request: Request) -> Response:
    """POST /services/{id}/resume: starts a deploy."""
    await life.resume(render_of(request), record_of(request, Service))
    return empty(202)


async def restart(request: Request) -> Response:
    """POST /services/{id}/restart"""
    life.restart(render_of(request), record_of(request, Service))
    return empty(200)


async def scale(request: Request) -> Response:
    """POST /services/{id}/scale"""
    want = await parse(request, Scale)
    life.scale(render_of(request), record_of(request, Service), want.num_instances)
    return empty(202)


async def autoscale(_: Request) -> Response:
    """PUT /services/{id}/autoscaling: one machine has nothing to scale to."""
    raise ApiError(400, "autoscaling is not supported by the local cloud")


async def no_autoscale(request: Request) -> Response:
    """DELETE /services/{id}/autoscaling: there is none."""
    record_of(request, Service)
    return empty(204)


async def instances(request: Request) -> Response:
    """GET /services/{id}/instances: without envelope."""
    render, service = render_of(request), record_of(request, Service)
    running = await asyncio.to_thread(render.runtime.instances.of, service.id)
    return JSONResponse([instance_body(instance) for instance in running])


def _body(render: LocalRender, service: Service) -> dict[str, Any]:
    key = service.registry_credential_id
    return service_body(service, render.store.get(RegistryCredential, key) if key else None)


routes = [
    Route("/v1/services", create, methods=["POST"]),
    Route("/v1/services", listing, methods=["GET"]),
    Route("/v1/services/{id}", get, methods=["GET"]),
    Route("/v1/services/{id}", change, methods=["PATCH"]),
    Route("/v1/services/{id}", delete, methods=["DELETE"]),
    Route("/v1/services/{id}/suspend", suspend, methods=["POST"]),
    Route("/v1/services/{id}/resume", resume, methods=["POST"]),
    Route("/v1/services/{id}/restart", restart, methods=["POST"]),
    Route("/v1/services/{id}/scale", scale, methods=["POST"]),
    Route("/v1/services/{id}/autoscaling", autoscale, methods=["PUT"]),
    Route("/v1/services/{id}/autoscaling", no_autoscale, methods=["DELETE"]),
    Route("/v1/services/{id}/instances", instances, methods=["GET"]),
]
