"""Projects: named sets of environments. https://api-docs.render.com/reference/create-project"""

from __future__ import annotations

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render import ids
from localcloud.render.cloud import Cloud, cloud_of
from localcloud.render.http import Body, empty, page, parse, public, wanted
from localcloud.render.resources import environments
from localcloud.render.store import Record


class ProjectCreate(Body):
    """POST /projects"""

    name: str = Field(min_length=1)
    owner_id: str
    environments: list[environments.Settings]


class ProjectChange(Body):
    """PATCH /projects/{id}"""

    name: str | None = Field(default=None, min_length=1)


async def create(request: Request) -> Response:
    """A project with its first environments."""
    cloud, want = cloud_of(request), await parse(request, ProjectCreate)
    cloud.check_owner(want.owner_id)
    stamp = ids.micros(ids.now())
    project = {"id": ids.new("prj"), "name": want.name, "createdAt": stamp, "updatedAt": stamp}
    cloud.store.put("project", project)
    for settings in want.environments:
        environments.add(cloud, project["id"], settings)
    return JSONResponse(show(cloud, project), 201)


async def listing(request: Request) -> Response:
    """GET /projects"""
    cloud = cloud_of(request)
    match = wanted(request, name=lambda record: record["name"], ownerId=lambda _: cloud.owner["id"])
    return page(request, cloud.ordered("project", match), "project", lambda record: show(cloud, record))


async def get(request: Request) -> Response:
    """GET /projects/{id}"""
    cloud = cloud_of(request)
    return JSONResponse(show(cloud, cloud.find("project", request.path_params["id"])))


async def change(request: Request) -> Response:
    """PATCH /projects/{id}: the name."""
    cloud, want = cloud_of(request), await parse(request, ProjectChange)
    project = cloud.find("project", request.path_params["id"])
    project.update({key: value for key, value in want.sent().items() if value is not None})
    return JSONResponse(show(cloud, cloud.changed("project", project)))


async def delete(request: Request) -> Response:
    """DELETE /projects/{id}: with every environment and everything in them."""
    cloud = cloud_of(request)
    project = cloud.find("project", request.path_params["id"])
    for environment in environments.of_project(cloud, project["id"]):
        await environments.remove(cloud, environment)
    cloud.store.remove("project", project["id"])
    return empty(204)


def show(cloud: Cloud, project: Record) -> Record:
    """A project as it is read."""
    found = [environment["id"] for environment in environments.of_project(cloud, project["id"])]
    return {**public(project), "owner": cloud.owner, "environmentIds": found or None}


routes = [
    Route("/v1/projects", create, methods=["POST"]),
    Route("/v1/projects", listing, methods=["GET"]),
    Route("/v1/projects/{id}", get, methods=["GET"]),
    Route("/v1/projects/{id}", change, methods=["PATCH"]),
    Route("/v1/projects/{id}", delete, methods=["DELETE"]),
]
