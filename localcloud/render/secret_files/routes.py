"""A service's secret files. https://api-docs.render.com/reference/list-secret-files-for-service

They are kept and read back; processes on this machine do not get them, because `/etc/secrets` is not ours to write.
A deploy of a service that has some says so in its log.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Body, Many
from localcloud.render.api.http import empty, parse, validate
from localcloud.render.api.old import Record
from localcloud.render.api.pages import page
from localcloud.render.local_render import render_of
from localcloud.render.services.record import files
from localcloud.render.services.shapes import FileName, SecretFile


class Content(Body):
    """PUT of one file."""

    content: str


async def listing(request: Request) -> Response:
    """GET /services/{id}/secret-files"""
    return page(request, _places(_find(request)["_secret_files"]), "secretFile", dict)


async def replace(request: Request) -> Response:
    """PUT /services/{id}/secret-files: the whole set; null or [] clears it."""
    want: Sequence[SecretFile] = await parse(request, Many[SecretFile])
    render, service = render_of(request), _find(request)
    service["_secret_files"] = files(want)
    render.changed("service", service)
    return page(request, _places(service["_secret_files"]), "secretFile", dict)


async def get(request: Request) -> Response:
    """GET /services/{id}/secret-files/{name}"""
    return JSONResponse(_item(_find(request), request.path_params["name"]))


async def put(request: Request) -> Response:
    """PUT /services/{id}/secret-files/{name}: Render answers 201."""
    want, render, service = await parse(request, Content), render_of(request), _find(request)
    item = {"name": validate(FileName, request.path_params["name"], "name"), "content": want.content}
    kept = [old for old in service["_secret_files"] if old["name"] != item["name"]]
    service["_secret_files"] = [*kept, item]
    render.changed("service", service)
    return JSONResponse(item, 201)


async def delete(request: Request) -> Response:
    """DELETE /services/{id}/secret-files/{name}"""
    render, service = render_of(request), _find(request)
    service["_secret_files"].remove(_item(service, request.path_params["name"]))
    render.changed("service", service)
    return empty(204)


def _places(items: list[Record]) -> list[tuple[int, Record]]:
    return list(enumerate(items, start=1))


def _item(service: Record, name: str) -> Record:
    for item in service["_secret_files"]:
        if item["name"] == name:
            found: Record = item
            return found
    raise ApiError(404, f"not found: {name}")


def _find(request: Request) -> Record:
    return render_of(request).find("service", request.path_params["id"])


routes = [
    Route("/v1/services/{id}/secret-files", listing, methods=["GET"]),
    Route("/v1/services/{id}/secret-files", replace, methods=["PUT"]),
    Route("/v1/services/{id}/secret-files/{name}", get, methods=["GET"]),
    Route("/v1/services/{id}/secret-files/{name}", put, methods=["PUT"]),
    Route("/v1/services/{id}/secret-files/{name}", delete, methods=["DELETE"]),
]
