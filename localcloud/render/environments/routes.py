"""Environments and what is in them. https://api-docs.render.com/reference/create-environment"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.http import empty, parse
from localcloud.render.api.pages import page, wanted
from localcloud.render.environments import life
from localcloud.render.environments.bodies import EnvironmentChange, EnvironmentCreate, Members, environment_body
from localcloud.render.environments.model import Environment
from localcloud.render.local_render import LocalRender, record_of, render_of
from localcloud.render.projects.model import Project


async def create(request: Request) -> Response:
    """POST /environments"""
    render, want = render_of(request), await parse(request, EnvironmentCreate)
    if render.store.get(Project, want.project_id) is None:
        raise ApiError(400, f"projectId: no project {want.project_id}")
    return JSONResponse(_body(render, life.create(render, want.project_id, want)), 201)


async def listing(request: Request) -> Response:
    """GET /environments?projectId="""
    render = render_of(request)
    if not request.query_params.get("projectId"):
        raise ApiError(400, "projectId: is required")
    match = wanted(
        request,
        Environment,
        projectId=lambda environment: environment.project_id,
        name=lambda environment: environment.name,
        environmentId=lambda environment: environment.id,
        ownerId=lambda _: render.owner.id,
    )
    environments = render.store.numbered(Environment, match)
    return page(request, environments, "environment", lambda environment: _body(render, environment))


async def get(request: Request) -> Response:
    """GET /environments/{id}"""
    return JSONResponse(_body(render_of(request), record_of(request, Environment)))


async def change(request: Request) -> Response:
    """PATCH /environments/{id}"""
    render, want = render_of(request), await parse(request, EnvironmentChange)
    return JSONResponse(_body(render, life.change(render, record_of(request, Environment), want)))


async def delete(request: Request) -> Response:
    """DELETE /environments/{id}: with all resources in it."""
    await life.remove(render_of(request), record_of(request, Environment))
    return empty(204)


async def add_resources(request: Request) -> Response:
    """POST /environments/{id}/resources: also of another environment."""
    render, want, environment = render_of(request), await parse(request, Members), record_of(request, Environment)
    await life.move(render, want.resource_ids, environment.id)
    return JSONResponse(_body(render, environment), 201)


async def remove_resources(request: Request) -> Response:
    """DELETE /environments/{id}/resources?resourceIds=a,b: Render does not mind what the path's id is."""
    keys = [key for text in request.query_params.getlist("resourceIds") for key in text.split(",") if key]
    if not keys:
        raise ApiError(400, "resourceIds: is required")
    await life.move(render_of(request), keys, None)
    return empty(204)


def _body(render: LocalRender, environment: Environment) -> dict[str, Any]:
    return environment_body(environment, life.members(render, environment))


routes = [
    Route("/v1/environments", create, methods=["POST"]),
    Route("/v1/environments", listing, methods=["GET"]),
    Route("/v1/environments/{id}", get, methods=["GET"]),
    Route("/v1/environments/{id}", change, methods=["PATCH"]),
    Route("/v1/environments/{id}", delete, methods=["DELETE"]),
    Route("/v1/environments/{id}/resources", add_resources, methods=["POST"]),
    Route("/v1/environments/{id}/resources", remove_resources, methods=["DELETE"]),
]
