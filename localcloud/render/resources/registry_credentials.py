"""Registry credentials: the token is written, never read. https://api-docs.render.com/reference/create-registry-credential"""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render import ids
from localcloud.render.cloud import cloud_of
from localcloud.render.http import Body, empty, page, parse, public, wanted
from localcloud.render.store import Record


class CredentialChange(Body):
    """PATCH /registrycredentials/{id}: all four are needed."""

    registry: Literal["GITHUB", "GITLAB", "DOCKER", "GOOGLE_ARTIFACT", "AWS_ECR"]
    name: str = Field(min_length=1)
    username: str = Field(min_length=1)
    auth_token: str = Field(min_length=1, repr=False)


class CredentialCreate(CredentialChange):
    """POST /registrycredentials"""

    owner_id: str


async def create(request: Request) -> Response:
    """Render answers 200 here, not 201."""
    cloud, want = cloud_of(request), await parse(request, CredentialCreate)
    cloud.check_owner(want.owner_id)
    record = {"id": ids.new("rgc"), **_fields(want)}
    return JSONResponse(public(cloud.changed("registry_credential", record)))


async def listing(request: Request) -> Response:
    """GET /registrycredentials: without envelope."""
    cloud = cloud_of(request)
    match = wanted(
        request,
        name=lambda record: record["name"],
        username=lambda record: record["username"],
        type=lambda record: record["registry"],
        ownerId=lambda _: cloud.owner["id"],
    )
    return page(request, cloud.ordered("registry_credential", match), None, public)


async def get(request: Request) -> Response:
    """GET /registrycredentials/{id}"""
    return JSONResponse(public(_find(request)))


async def change(request: Request) -> Response:
    """PATCH /registrycredentials/{id}: used by the next deploy."""
    want, record = await parse(request, CredentialChange), _find(request)
    record.update(_fields(want))
    return JSONResponse(public(cloud_of(request).changed("registry_credential", record)))


async def delete(request: Request) -> Response:
    """DELETE /registrycredentials/{id}: services lose it."""
    cloud_of(request).store.remove("registry_credential", _find(request)["id"])
    return empty(204)


def _fields(want: CredentialChange) -> Record:
    return {"registry": want.registry, "name": want.name, "username": want.username, "_token": want.auth_token}


def _find(request: Request) -> Record:
    return cloud_of(request).find("registry_credential", request.path_params["id"])


routes = [
    Route("/v1/registrycredentials", create, methods=["POST"]),
    Route("/v1/registrycredentials", listing, methods=["GET"]),
    Route("/v1/registrycredentials/{id}", get, methods=["GET"]),
    Route("/v1/registrycredentials/{id}", change, methods=["PATCH"]),
    Route("/v1/registrycredentials/{id}", delete, methods=["DELETE"]),
]
