"""The workspace and its user. https://api-docs.render.com/reference/list-owners"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.cloud import cloud_of
from localcloud.render.http import ApiError, page, wanted


async def list_owners(request: Request) -> Response:
    """GET /owners"""
    owner = cloud_of(request).owner
    match = wanted(request, name=lambda record: record["name"], email=lambda record: record["email"])
    return page(request, [(1, owner)] if match(owner) else [], "owner", dict)


async def get_owner(request: Request) -> Response:
    """GET /owners/{id}"""
    owner = cloud_of(request).owner
    if request.path_params["id"] != owner["id"]:
        raise ApiError(404, f"not found: {request.path_params['id']}")
    return JSONResponse(owner)


async def get_user(request: Request) -> Response:
    """GET /users: whose key this is."""
    owner = cloud_of(request).owner
    return JSONResponse({"email": owner["email"], "name": "Local user"})


routes = [
    Route("/v1/owners", list_owners, methods=["GET"]),
    Route("/v1/owners/{id}", get_owner, methods=["GET"]),
    Route("/v1/users", get_user, methods=["GET"]),
]
