"""Env groups: shared variables and files, linked to services. https://api-docs.render.com/reference/create-env-group

Editing a group or a link deploys nothing.
"""

from __future__ import annotations

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Body, Many
from localcloud.render.api.http import empty, parse, public, validate
from localcloud.render.api.old import Record
from localcloud.render.api.pages import page, wanted
from localcloud.render.environments.model import check_environment
from localcloud.render.local_render import LocalRender, render_of
from localcloud.render.services.record import SHORT, files, resolved, variables
from localcloud.render.services.shapes import EnvVar, FileName, Key, SecretFile, Value


class GroupCreate(Body):
    """POST /env-groups"""

    name: str = Field(min_length=1)
    owner_id: str
    env_vars: Many[EnvVar]
    secret_files: Many[SecretFile] = Field(default_factory=list)
    service_ids: Many[str] = Field(default_factory=list)
    environment_id: str | None = None


class GroupChange(Body):
    """PATCH /env-groups/{id}: the name only."""

    name: str = Field(min_length=1)


class Content(Body):
    """PUT of one secret file."""

    content: str


async def create(request: Request) -> Response:
    """POST /env-groups"""
    render, want = render_of(request), await parse(request, GroupCreate)
    render.check_owner(want.owner_id)
    check_environment(render.store, want.environment_id)
    stamp = ids.now()
    group: Record = {
        "id": ids.new("evg"),
        "name": want.name,
        "ownerId": want.owner_id,
        "createdAt": stamp,
        "updatedAt": stamp,
        "_env_vars": variables(want.env_vars)[::-1],
        "_secret_files": files(want.secret_files)[::-1],
    }
    if want.environment_id:
        group["environmentId"] = want.environment_id
    services = [_linkable(render, group, key) for key in dict.fromkeys(want.service_ids)]
    render.old.put("env_group", group)
    for service in services:
        _link(render, group, service)
    return JSONResponse(show(render, group, created=True), 201)


async def listing(request: Request) -> Response:
    """GET /env-groups: without envelope, variables and files."""
    render = render_of(request)
    match = wanted(
        request,
        dict,
        name=lambda record: record["name"],
        ownerId=lambda record: record["ownerId"],
        environmentId=lambda record: record.get("environmentId"),
    )
    return page(request, render.ordered("env_group", match), None, lambda record: _meta(render, record))


async def get(request: Request) -> Response:
    """GET /env-groups/{id}"""
    return JSONResponse(show(render_of(request), _find(request)))


async def change(request: Request) -> Response:
    """PATCH /env-groups/{id}"""
    render, want = render_of(request), await parse(request, GroupChange)
    group = _find(request)
    group["name"] = want.name
    return JSONResponse(show(render, render.changed("env_group", group)))


async def delete(request: Request) -> Response:
    """DELETE /env-groups/{id}"""
    await remove(render_of(request), _find(request))
    return empty(204)


async def remove(render: LocalRender, group: Record) -> None:
    """Delete a group and its links."""
    for link in render.old.all("env_group_link", lambda link: bool(link["group"] == group["id"])):
        render.old.remove("env_group_link", link["id"])
    render.old.remove("env_group", group["id"])


async def get_variable(request: Request) -> Response:
    """GET /env-groups/{id}/env-vars/{key}"""
    return JSONResponse(_item(_find(request)["_env_vars"], "key", request.path_params["key"]))


async def put_variable(request: Request) -> Response:
    """PUT /env-groups/{id}/env-vars/{key}: the reply is the whole group."""
    want = await parse(request, Value)
    key = validate(Key, request.path_params["key"], "key")
    return _put(request, "_env_vars", "key", {"key": key, "value": resolved(want)})


async def delete_variable(request: Request) -> Response:
    """DELETE /env-groups/{id}/env-vars/{key}"""
    return _delete(request, "_env_vars", "key", request.path_params["key"])


async def get_file(request: Request) -> Response:
    """GET /env-groups/{id}/secret-files/{name}"""
    return JSONResponse(_item(_find(request)["_secret_files"], "name", request.path_params["name"]))


async def put_file(request: Request) -> Response:
    """PUT /env-groups/{id}/secret-files/{name}: the reply is the whole group."""
    want = await parse(request, Content)
    name = validate(FileName, request.path_params["name"], "name")
    return _put(request, "_secret_files", "name", {"name": name, "content": want.content})


async def delete_file(request: Request) -> Response:
    """DELETE /env-groups/{id}/secret-files/{name}"""
    return _delete(request, "_secret_files", "name", request.path_params["name"])


async def link(request: Request) -> Response:
    """POST /env-groups/{id}/services/{service}: linking twice changes nothing."""
    render, group = render_of(request), _find(request)
    render.find("service", request.path_params["service"])
    _link(render, group, _linkable(render, group, request.path_params["service"]))
    return JSONResponse(show(render, group))


async def unlink(request: Request) -> Response:
    """DELETE /env-groups/{id}/services/{service}"""
    render, group = render_of(request), _find(request)
    service = render.find("service", request.path_params["service"])
    render.old.remove("env_group_link", f"{group['id']}:{service['id']}")
    return empty(204)


def show(render: LocalRender, group: Record, *, created: bool = False) -> Record:
    """A group as it is read, newest variable first."""
    return {
        **_meta(render, group, created=created),
        "envVars": group["_env_vars"],
        "secretFiles": group["_secret_files"],
    }


def _meta(render: LocalRender, group: Record, *, created: bool = False) -> Record:
    links = render.old.all("env_group_link", lambda link: bool(link["group"] == group["id"]))
    services = [render.find("service", link["_service"]) for link in links]
    shown = [{"id": item["id"], "name": item["name"], "type": SHORT[item["type"]]} for item in services]
    return {**public(group, created=created), "serviceLinks": shown}


def _linkable(render: LocalRender, group: Record, key: str) -> Record:
    service = render.old.get("service", key)
    if service is None:
        raise ApiError(400, f"serviceIds: no service {key}")
    environment = group.get("environmentId")
    if environment and service.get("environmentId") != environment:
        raise ApiError(400, f"env group {group['id']} belongs to environment {environment}, service {key} does not")
    return service


def _link(render: LocalRender, group: Record, service: Record) -> None:
    key = f"{group['id']}:{service['id']}"
    if render.old.get("env_group_link", key) is None:
        render.old.put("env_group_link", {"id": key, "group": group["id"], "_service": service["id"]})


def _find(request: Request) -> Record:
    return render_of(request).find("env_group", request.path_params["id"])


def _item(items: list[Record], by: str, name: str) -> Record:
    for item in items:
        if item[by] == name:
            return item
    raise ApiError(404, f"not found: {name}")


def _put(request: Request, field: str, by: str, item: Record) -> Response:
    render, group = render_of(request), _find(request)
    known = [old for old in group[field] if old[by] == item[by]]
    if known:
        known[0].update(item)
    else:
        group[field].insert(0, item)
    return JSONResponse(show(render, render.changed("env_group", group)))


def _delete(request: Request, field: str, by: str, name: str) -> Response:
    render, group = render_of(request), _find(request)
    group[field].remove(_item(group[field], by, name))
    render.changed("env_group", group)
    return empty(204)


_VARIABLE = "/v1/env-groups/{id}/env-vars/{key}"
_FILE = "/v1/env-groups/{id}/secret-files/{name}"
routes = [
    Route("/v1/env-groups", create, methods=["POST"]),
    Route("/v1/env-groups", listing, methods=["GET"]),
    Route("/v1/env-groups/{id}", get, methods=["GET"]),
    Route("/v1/env-groups/{id}", change, methods=["PATCH"]),
    Route("/v1/env-groups/{id}", delete, methods=["DELETE"]),
    Route(_VARIABLE, get_variable, methods=["GET"]),
    Route(_VARIABLE, put_variable, methods=["PUT"]),
    Route(_VARIABLE, delete_variable, methods=["DELETE"]),
    Route(_FILE, get_file, methods=["GET"]),
    Route(_FILE, put_file, methods=["PUT"]),
    Route(_FILE, delete_file, methods=["DELETE"]),
    Route("/v1/env-groups/{id}/services/{service}", link, methods=["POST"]),
    Route("/v1/env-groups/{id}/services/{service}", unlink, methods=["DELETE"]),
]
