"""What is done to a service: suspend, resume, restart, scale, and a look at its instances."""

from __future__ import annotations

import asyncio

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Body
from localcloud.render.api.http import empty, parse
from localcloud.render.api.old import Record
from localcloud.render.deploys.source import head
from localcloud.render.deploys.steps import SERVING, new_deploy
from localcloud.render.local_render import render_of


class Scale(Body):
    """POST /services/{id}/scale"""

    num_instances: int = Field(ge=1, le=100)


async def suspend(request: Request) -> Response:
    """POST /services/{id}/suspend"""
    render, service = render_of(request), _find(request)
    service.update(suspended="suspended", suspenders=["user"])
    render.changed("service", service)
    await render.deployer.halt(service["id"])
    async with render.tasks.lock(service["id"]):
        await asyncio.to_thread(render.runtime.instances.stop, service["id"])
    return empty(202)


async def resume(request: Request) -> Response:
    """POST /services/{id}/resume: starts a deploy."""
    render, service = render_of(request), _find(request)
    if service["suspended"] == "not_suspended":
        return empty(202)
    commit = await head(render, service)
    service.update(suspended="not_suspended", suspenders=[])
    render.changed("service", service)
    deploy = new_deploy(service, "service_resumed", commit=commit, image=service.get("imagePath"))
    render.deployer.request(service, deploy)
    return empty(202)


async def restart(request: Request) -> Response:
    """POST /services/{id}/restart: new instances of the live deploy, then the old ones end."""
    render, service = render_of(request), _find(request)
    if service["type"] not in SERVING:
        raise ApiError(400, f"cannot restart a {service['type']}")
    if service["suspended"] == "suspended":
        raise ApiError(400, "cannot restart suspended service")
    render.tasks.spawn(render.deployer.relaunch(service["id"], replace=True))
    return empty(200)


async def scale(request: Request) -> Response:
    """POST /services/{id}/scale"""
    render, want, service = render_of(request), await parse(request, Scale), _find(request)
    if service["type"] not in SERVING:
        raise ApiError(400, f"cannot scale a {service['type']}")
    service["serviceDetails"]["numInstances"] = want.num_instances
    render.changed("service", service)
    render.tasks.spawn(render.deployer.relaunch(service["id"], replace=False))
    return empty(202)


async def autoscale(_: Request) -> Response:
    """PUT /services/{id}/autoscaling: one machine has nothing to scale to."""
    raise ApiError(400, "autoscaling is not supported by the local cloud")


async def no_autoscale(request: Request) -> Response:
    """DELETE /services/{id}/autoscaling: there is none."""
    _find(request)
    return empty(204)


async def instances(request: Request) -> Response:
    """GET /services/{id}/instances: without envelope."""
    render, service = render_of(request), _find(request)
    running = await asyncio.to_thread(render.runtime.instances.of, service["id"])
    return JSONResponse([{"id": instance.id, "createdAt": instance.since} for instance in running])


def _find(request: Request) -> Record:
    return render_of(request).find("service", request.path_params["id"])


routes = [
    Route("/v1/services/{id}/suspend", suspend, methods=["POST"]),
    Route("/v1/services/{id}/resume", resume, methods=["POST"]),
    Route("/v1/services/{id}/restart", restart, methods=["POST"]),
    Route("/v1/services/{id}/scale", scale, methods=["POST"]),
    Route("/v1/services/{id}/autoscaling", autoscale, methods=["PUT"]),
    Route("/v1/services/{id}/autoscaling", no_autoscale, methods=["DELETE"]),
    Route("/v1/services/{id}/instances", instances, methods=["GET"]),
]
