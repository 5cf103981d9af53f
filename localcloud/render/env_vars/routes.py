"""A service's own variables: no deploy. https://api-docs.render.com/reference/get-env-vars-for-service"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api import ids
from localcloud.render.api.fields import Many
from localcloud.render.api.http import empty, parse, validate
from localcloud.render.api.pages import page
from localcloud.render.env_vars.bodies import EnvVarPut, Key, ValuePut, env_var_body, env_vars, find_env_var
from localcloud.render.env_vars.model import EnvVar
from localcloud.render.local_render import record_of, render_of
from localcloud.render.services.model import Service


async def listing(request: Request) -> Response:
    """GET /services/{id}/env-vars"""
    return _page(request, record_of(request, Service))


async def replace(request: Request) -> Response:
    """PUT /services/{id}/env-vars: the whole set; null or [] clears it."""
    want: Sequence[EnvVarPut] = await parse(request, Many[EnvVarPut])
    return _page(request, _keep(request, env_vars(want)))


async def get(request: Request) -> Response:
    """GET /services/{id}/env-vars/{key}"""
    return JSONResponse(env_var_body(find_env_var(record_of(request, Service).env_vars, request.path_params["key"])))


async def put(request: Request) -> Response:
    """PUT /services/{id}/env-vars/{key}"""
    want, service = await parse(request, ValuePut), record_of(request, Service)
    variable = want.env_var(validate(Key, request.path_params["key"], "key"))
    others = [known for known in service.env_vars if known.key != variable.key]
    _keep(request, (*others, variable))
    return JSONResponse(env_var_body(variable))


async def delete(request: Request) -> Response:
    """DELETE /services/{id}/env-vars/{key}"""
    service = record_of(request, Service)
    variable = find_env_var(service.env_vars, request.path_params["key"])
    _keep(request, tuple(known for known in service.env_vars if known is not variable))
    return empty(204)


def _page(request: Request, service: Service) -> Response:
    return page(request, list(enumerate(service.env_vars, start=1)), "envVar", env_var_body)


def _keep(request: Request, variables: tuple[EnvVar, ...]) -> Service:
    return render_of(request).store.change(record_of(request, Service), env_vars=variables, updated_at=ids.now())


routes = [
    Route("/v1/services/{id}/env-vars", listing, methods=["GET"]),
    Route("/v1/services/{id}/env-vars", replace, methods=["PUT"]),
    Route("/v1/services/{id}/env-vars/{key}", get, methods=["GET"]),
    Route("/v1/services/{id}/env-vars/{key}", put, methods=["PUT"]),
    Route("/v1/services/{id}/env-vars/{key}", delete, methods=["DELETE"]),
]
