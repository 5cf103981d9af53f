"""A service's secret files. https://api-docs.render.com/reference/list-secret-files-for-service

They are kept and read back; processes on this machine do not get them, because `/etc/secrets` is not ours to write.
A deploy of a service that has some says so in its log.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api import ids
from localcloud.render.api.fields import Many
from localcloud.render.api.http import empty, parse, validate
from localcloud.render.api.pages import page
from localcloud.render.local_render import record_of, render_of
from localcloud.render.secret_files.bodies import (
    ContentPut,
    FileName,
    SecretFilePut,
    find_secret_file,
    secret_file_body,
    secret_files,
)
from localcloud.render.secret_files.model import SecretFile
from localcloud.render.services.model import Service


async def listing(request: Request) -> Response:
    """GET /services/{id}/secret-files"""
    return _page(request, record_of(request, Service))


async def replace(request: Request) -> Response:
    """PUT /services/{id}/secret-files: the whole set; null or [] clears it."""
    want: Sequence[SecretFilePut] = await parse(request, Many[SecretFilePut])
    return _page(request, _keep(request, secret_files(want)))


async def get(request: Request) -> Response:
    """GET /services/{id}/secret-files/{name}"""
    return JSONResponse(
        secret_file_body(find_secret_file(record_of(request, Service).secret_files, request.path_params["name"]))
    )


async def put(request: Request) -> Response:
    """PUT /services/{id}/secret-files/{name}: Render answers 201."""
    want, service = await parse(request, ContentPut), record_of(request, Service)
    file = SecretFile(name=validate(FileName, request.path_params["name"], "name"), content=want.content)
    others = [known for known in service.secret_files if known.name != file.name]
    _keep(request, (*others, file))
    return JSONResponse(secret_file_body(file), 201)


async def delete(request: Request) -> Response:
    """DELETE /services/{id}/secret-files/{name}"""
    service = record_of(request, Service)
    file = find_secret_file(service.secret_files, request.path_params["name"])
    _keep(request, tuple(known for known in service.secret_files if known is not file))
    return empty(204)


def _page(request: Request, service: Service) -> Response:
    return page(request, list(enumerate(service.secret_files, start=1)), "secretFile", secret_file_body)


def _keep(request: Request, files: tuple[SecretFile, ...]) -> Service:
    return render_of(request).store.change(record_of(request, Service), secret_files=files, updated_at=ids.now())


routes = [
    Route("/v1/services/{id}/secret-files", listing, methods=["GET"]),
    Route("/v1/services/{id}/secret-files", replace, methods=["PUT"]),
    Route("/v1/services/{id}/secret-files/{name}", get, methods=["GET"]),
    Route("/v1/services/{id}/secret-files/{name}", put, methods=["PUT"]),
    Route("/v1/services/{id}/secret-files/{name}", delete, methods=["DELETE"]),
]
