"""Env groups: shared variables and files, linked to services. https://api-docs.render.com/reference/create-env-group"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api import ids
from localcloud.render.api.http import empty, parse, validate
from localcloud.render.api.pages import page, wanted
from localcloud.render.env_groups import life
from localcloud.render.env_groups.bodies import GroupChange, GroupCreate, group_body, group_summary
from localcloud.render.env_groups.model import EnvGroup
from localcloud.render.env_vars.bodies import Key, ValuePut, env_var_body, find_env_var
from localcloud.render.environments.model import check_environment
from localcloud.render.local_render import LocalRender, record_of, render_of
from localcloud.render.secret_files.bodies import ContentPut, FileName, find_secret_file, secret_file_body
from localcloud.render.secret_files.model import SecretFile
from localcloud.render.services.model import Service


async def create(request: Request) -> Response:
    """POST /env-groups"""
    render, want = render_of(request), await parse(request, GroupCreate)
    render.check_owner(want.owner_id)
    check_environment(render.store, want.environment_id)
    return JSONResponse(_body(render, life.create(render, want), created=True), 201)


async def listing(request: Request) -> Response:
    """GET /env-groups: without envelope, variables and files."""
    render = render_of(request)
    match = wanted(
        request,
        EnvGroup,
        name=lambda group: group.name,
        ownerId=lambda group: group.owner_id,
        environmentId=lambda group: group.environment_id,
    )

    def summary(group: EnvGroup) -> dict[str, Any]:
        return group_summary(group, life.linked_services(render, group))

    return page(request, render.store.numbered(EnvGroup, match), None, summary)


async def get(request: Request) -> Response:
    """GET /env-groups/{id}"""
    return JSONResponse(_body(render_of(request), record_of(request, EnvGroup)))


async def change(request: Request) -> Response:
    """PATCH /env-groups/{id}"""
    render, want = render_of(request), await parse(request, GroupChange)
    return JSONResponse(
        _body(render, render.store.change(record_of(request, EnvGroup), name=want.name, updated_at=ids.now()))
    )


async def delete(request: Request) -> Response:
    """DELETE /env-groups/{id}"""
    await life.remove(render_of(request), record_of(request, EnvGroup))
    return empty(204)


async def get_variable(request: Request) -> Response:
    """GET /env-groups/{id}/env-vars/{key}"""
    return JSONResponse(env_var_body(find_env_var(record_of(request, EnvGroup).env_vars, request.path_params["key"])))


async def put_variable(request: Request) -> Response:
    """PUT /env-groups/{id}/env-vars/{key}: the reply is the whole group."""
    render, want = render_of(request), await parse(request, ValuePut)
    variable = want.env_var(validate(Key, request.path_params["key"], "key"))
    return JSONResponse(_body(render, life.put_env_var(render, record_of(request, EnvGroup), variable)))


async def delete_variable(request: Request) -> Response:
    """DELETE /env-groups/{id}/env-vars/{key}"""
    life.remove_env_var(render_of(request), record_of(request, EnvGroup), request.path_params["key"])
    return empty(204)


async def get_file(request: Request) -> Response:
    """GET /env-groups/{id}/secret-files/{name}"""
    return JSONResponse(
        secret_file_body(find_secret_file(record_of(request, EnvGroup).secret_files, request.path_params["name"]))
    )


async def put_file(request: Request) -> Response:
    """PUT /env-groups/{id}/secret-files/{name}: the reply is the whole group."""
    render, want = render_of(request), await parse(request, ContentPut)
    file = SecretFile(name=validate(FileName, request.path_params["name"], "name"), content=want.content)
    return JSONResponse(_body(render, life.put_secret_file(render, record_of(request, EnvGroup), file)))


async def delete_file(request: Request) -> Response:
    """DELETE /env-groups/{id}/secret-files/{name}"""
    life.remove_secret_file(render_of(request), record_of(request, EnvGroup), request.path_params["name"])
    return empty(204)


async def link(request: Request) -> Response:
    """POST /env-groups/{id}/services/{service}: linking twice changes nothing."""
    render, group = render_of(request), record_of(request, EnvGroup)
    life.link(render, group, _service(request))
    return JSONResponse(_body(render, group))


async def unlink(request: Request) -> Response:
    """DELETE /env-groups/{id}/services/{service}"""
    life.unlink(render_of(request), record_of(request, EnvGroup), _service(request))
    return empty(204)


def _body(render: LocalRender, group: EnvGroup, *, created: bool = False) -> dict[str, Any]:
    return group_body(group, life.linked_services(render, group), created=created)


def _service(request: Request) -> Service:
    return render_of(request).store.find(Service, request.path_params["service"])


_VARIABLE = "/v1/env-groups/{id}/env-vars/{key}"
_FILE = "/v1/env-groups/{id}/secret-files/{name}"
_LINK = "/v1/env-groups/{id}/services/{service}"
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
    Route(_LINK, link, methods=["POST"]),
    Route(_LINK, unlink, methods=["DELETE"]),
]
