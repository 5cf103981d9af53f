"""Environments and what is in them. https://api-docs.render.com/reference/create-environment"""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render import ids
from localcloud.render.cloud import Cloud, cloud_of
from localcloud.render.http import ApiError, Body, Cidr, Many, empty, page, parse, public, wanted
from localcloud.render.resources import env_groups, key_value, postgres, services
from localcloud.render.store import Record

MEMBERS = {
    "serviceIds": ("service", services.remove),
    "databasesIds": ("postgres", postgres.remove),
    "redisIds": ("key_value", key_value.remove),
    "envGroupIds": ("env_group", env_groups.remove),
}


class Settings(Body):
    """An environment inside POST /projects."""

    name: str = Field(min_length=1)
    protected_status: Literal["unprotected", "protected"] = "unprotected"
    network_isolation_enabled: bool = False
    ip_allow_list: Many[Cidr] = Field(default_factory=list)


class EnvironmentCreate(Settings):
    """POST /environments"""

    project_id: str


class EnvironmentChange(Body):
    """PATCH /environments/{id}"""

    name: str | None = Field(default=None, min_length=1)
    protected_status: Literal["unprotected", "protected"] | None = None
    network_isolation_enabled: bool | None = None
    ip_allow_list: Many[Cidr] = Field(default_factory=list)


class Members(Body):
    """POST /environments/{id}/resources"""

    resource_ids: list[str] = Field(min_length=1)


def add(cloud: Cloud, project_id: str, settings: Settings) -> Record:
    """A new environment; the name may be taken in another project only."""
    if any(known["name"] == settings.name for known in of_project(cloud, project_id)):
        raise ApiError(400, f"name: the project has an environment {settings.name} already")
    _check_allow_list(settings.ip_allow_list)
    stamp = ids.now()
    return cloud.store.put(
        "environment",
        {
            "id": ids.new("evm"),
            "name": settings.name,
            "projectId": project_id,
            "protectedStatus": settings.protected_status,
            "networkIsolationEnabled": settings.network_isolation_enabled,
            "_createdAt": stamp,
        },
    )


def of_project(cloud: Cloud, project_id: str) -> list[Record]:
    """The environments of a project."""
    return cloud.store.all("environment", lambda record: bool(record["projectId"] == project_id))


async def remove(cloud: Cloud, environment: Record) -> None:
    """Delete an environment and everything in it."""
    for kind, remove_member in MEMBERS.values():
        for member in _inside(cloud, kind, environment["id"]):
            await remove_member(cloud, member)
    cloud.store.remove("environment", environment["id"])


async def create(request: Request) -> Response:
    """POST /environments"""
    cloud, want = cloud_of(request), await parse(request, EnvironmentCreate)
    if cloud.store.get("project", want.project_id) is None:
        raise ApiError(400, f"projectId: no project {want.project_id}")
    return JSONResponse(show(cloud, add(cloud, want.project_id, want)), 201)


async def listing(request: Request) -> Response:
    """GET /environments?projectId="""
    cloud = cloud_of(request)
    if not request.query_params.get("projectId"):
        raise ApiError(400, "projectId: is required")
    match = wanted(
        request,
        projectId=lambda record: record["projectId"],
        name=lambda record: record["name"],
        environmentId=lambda record: record["id"],
        ownerId=lambda _: cloud.owner["id"],
    )
    return page(request, cloud.ordered("environment", match), "environment", lambda record: show(cloud, record))


async def get(request: Request) -> Response:
    """GET /environments/{id}"""
    cloud = cloud_of(request)
    return JSONResponse(show(cloud, cloud.find("environment", request.path_params["id"])))


async def change(request: Request) -> Response:
    """PATCH /environments/{id}"""
    cloud, want = cloud_of(request), await parse(request, EnvironmentChange)
    environment = cloud.find("environment", request.path_params["id"])
    _check_allow_list(want.ip_allow_list)
    sent = {key: value for key, value in want.sent().items() if value is not None and key != "ipAllowList"}
    environment.update(sent)
    return JSONResponse(show(cloud, cloud.store.put("environment", environment)))


async def delete(request: Request) -> Response:
    """DELETE /environments/{id}: with all resources in it."""
    cloud = cloud_of(request)
    await remove(cloud, cloud.find("environment", request.path_params["id"]))
    return empty(204)


async def take_in(request: Request) -> Response:
    """POST /environments/{id}/resources: move resources in, also from another environment."""
    cloud, want = cloud_of(request), await parse(request, Members)
    environment = cloud.find("environment", request.path_params["id"])
    found = [_member(cloud, key) for key in want.resource_ids]
    for kind, record in found:
        _check_may_leave(cloud, kind, record, environment["id"])
    for kind, record in found:
        record["environmentId"] = environment["id"]
        cloud.changed(kind, record)
    return JSONResponse(show(cloud, environment), 201)


async def let_go(request: Request) -> Response:
    """DELETE /environments/{id}/resources?resourceIds=a,b: Render does not mind what the path's id is."""
    cloud = cloud_of(request)
    keys = [key for text in request.query_params.getlist("resourceIds") for key in text.split(",") if key]
    if not keys:
        raise ApiError(400, "resourceIds: is required")
    found = [_member(cloud, key) for key in keys]
    for kind, record in found:
        _check_may_leave(cloud, kind, record, None)
    for kind, record in found:
        record.pop("environmentId", None)
        cloud.changed(kind, record)
    return empty(204)


def show(cloud: Cloud, environment: Record) -> Record:
    """An environment as it is read: what is empty is null."""
    lists = {
        field: [record["id"] for record in _inside(cloud, kind, environment["id"])] or None
        for field, (kind, _) in MEMBERS.items()
    }
    return {
        **public(environment),
        **lists,
        "ipAllowList": [{"cidrBlock": "0.0.0.0/0", "description": "everywhere"}],
    }


def _inside(cloud: Cloud, kind: str, environment_id: str) -> list[Record]:
    return cloud.store.all(kind, lambda record: record.get("environmentId") == environment_id)


def _member(cloud: Cloud, key: str) -> tuple[str, Record]:
    for kind, _ in MEMBERS.values():
        record = cloud.store.get(kind, key)
        if record is not None:
            return kind, record
    raise ApiError(404, f"not found: {key}")


def _check_may_leave(cloud: Cloud, kind: str, record: Record, target: str | None) -> None:
    current = record.get("environmentId")
    if kind != "service" or current is None or current == target:
        return
    for link in cloud.store.all("env_group_link", lambda link: bool(link["_service"] == record["id"])):
        if cloud.find("env_group", link["group"]).get("environmentId") == current:
            raise ApiError(400, "cannot move service out of environment with linked env groups")


def _check_allow_list(ranges: list[Cidr]) -> None:
    if any(item.cidr_block != "0.0.0.0/0" for item in ranges):
        raise ApiError(400, "ipAllowList: IP allow lists of environments need an Enterprise workspace")


routes = [
    Route("/v1/environments", create, methods=["POST"]),
    Route("/v1/environments", listing, methods=["GET"]),
    Route("/v1/environments/{id}", get, methods=["GET"]),
    Route("/v1/environments/{id}", change, methods=["PATCH"]),
    Route("/v1/environments/{id}", delete, methods=["DELETE"]),
    Route("/v1/environments/{id}/resources", take_in, methods=["POST"]),
    Route("/v1/environments/{id}/resources", let_go, methods=["DELETE"]),
]
