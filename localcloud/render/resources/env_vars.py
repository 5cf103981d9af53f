"""A service's own variables: values in clear, and no deploy. https://api-docs.render.com/reference/get-env-vars-for-service"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.cloud import cloud_of
from localcloud.render.http import ApiError, Many, empty, page, parse, validate
from localcloud.render.service_record import resolved, variables
from localcloud.render.service_shapes import EnvVar, Key, Value
from localcloud.render.store import Record


async def listing(request: Request) -> Response:
    """GET /services/{id}/env-vars"""
    return page(request, _places(_find(request)["_env_vars"]), "envVar", dict)


async def replace(request: Request) -> Response:
    """PUT /services/{id}/env-vars: the whole set; null or [] clears it."""
    want: Sequence[EnvVar] = await parse(request, Many[EnvVar])
    cloud, service = cloud_of(request), _find(request)
    service["_env_vars"] = variables(want)
    cloud.changed("service", service)
    return page(request, _places(service["_env_vars"]), "envVar", dict)


async def get(request: Request) -> Response:
    """GET /services/{id}/env-vars/{key}"""
    return JSONResponse(_item(_find(request), request.path_params["key"]))


async def put(request: Request) -> Response:
    """PUT /services/{id}/env-vars/{key}"""
    want, cloud, service = await parse(request, Value), cloud_of(request), _find(request)
    key = validate(Key, request.path_params["key"], "key")
    item = {"key": key, "value": resolved(want)}
    kept = [old for old in service["_env_vars"] if old["key"] != key]
    service["_env_vars"] = [*kept, item]
    cloud.changed("service", service)
    return JSONResponse(item)


async def delete(request: Request) -> Response:
    """DELETE /services/{id}/env-vars/{key}"""
    cloud, service = cloud_of(request), _find(request)
    service["_env_vars"].remove(_item(service, request.path_params["key"]))
    cloud.changed("service", service)
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
    return cloud_of(request).find("service", request.path_params["id"])


routes = [
    Route("/v1/services/{id}/env-vars", listing, methods=["GET"]),
    Route("/v1/services/{id}/env-vars", replace, methods=["PUT"]),
    Route("/v1/services/{id}/env-vars/{key}", get, methods=["GET"]),
    Route("/v1/services/{id}/env-vars/{key}", put, methods=["PUT"]),
    Route("/v1/services/{id}/env-vars/{key}", delete, methods=["DELETE"]),
]
