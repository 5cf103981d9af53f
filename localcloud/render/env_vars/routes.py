"""A service's own variables: values in clear, and no deploy. https://api-docs.render.com/reference/get-env-vars-for-service"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Many
from localcloud.render.api.http import empty, parse, validate
from localcloud.render.api.old import Record
from localcloud.render.api.pages import page
from localcloud.render.local_render import render_of
from localcloud.render.services.record import resolved, variables
from localcloud.render.services.shapes import EnvVar, Key, Value


async def listing(request: Request) -> Response:
    """GET /services/{id}/env-vars"""
    return page(request, _places(_find(request)["_env_vars"]), "envVar", dict)


async def replace(request: Request) -> Response:
    """PUT /services/{id}/env-vars: the whole set; null or [] clears it."""
    want: Sequence[EnvVar] = await parse(request, Many[EnvVar])
    render, service = render_of(request), _find(request)
    service["_env_vars"] = variables(want)
    render.changed("service", service)
    return page(request, _places(service["_env_vars"]), "envVar", dict)


async def get(request: Request) -> Response:
    """GET /services/{id}/env-vars/{key}"""
    return JSONResponse(_item(_find(request), request.path_params["key"]))


async def put(request: Request) -> Response:
    """PUT /services/{id}/env-vars/{key}"""
    want, render, service = await parse(request, Value), render_of(request), _find(request)
    key = validate(Key, request.path_params["key"], "key")
    item = {"key": key, "value": resolved(want)}
    kept = [old for old in service["_env_vars"] if old["key"] != key]
    service["_env_vars"] = [*kept, item]
    render.changed("service", service)
    return JSONResponse(item)


async def delete(request: Request) -> Response:
    """DELETE /services/{id}/env-vars/{key}"""
    render, service = render_of(request), _find(request)
    service["_env_vars"].remove(_item(service, request.path_params["key"]))
    render.changed("service", service)
    return empty(204)


def _places(items: list[Record]) -> list[tuple[int, Record]]:
    return list(enumerate(items, start=1))


def _item(service: Record, key: str) -> Record:
    for item in service["_env_vars"]:
        if item["key"] == key:
            found: Record = item
            return found
    raise ApiError(404, f"not found: {key}")


def _find(request: Request) -> Record:
    return render_of(request).find("service", request.path_params["id"])


routes = [
    Route("/v1/services/{id}/env-vars", listing, methods=["GET"]),
    Route("/v1/services/{id}/env-vars", replace, methods=["PUT"]),
    Route("/v1/services/{id}/env-vars/{key}", get, methods=["GET"]),
    Route("/v1/services/{id}/env-vars/{key}", put, methods=["PUT"]),
    Route("/v1/services/{id}/env-vars/{key}", delete, methods=["DELETE"]),
]
