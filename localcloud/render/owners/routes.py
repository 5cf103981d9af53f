"""The workspace and its user. https://api-docs.render.com/reference/list-owners"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.pages import page, wanted
from localcloud.render.local_render import render_of
from localcloud.render.owners.bodies import owner_body, user_body
from localcloud.render.owners.model import Owner


async def list_owners(request: Request) -> Response:
    """GET /owners"""
    owner = render_of(request).owner
    match = wanted(request, Owner, name=lambda owner: owner.name, email=lambda owner: owner.email)
    return page(request, [(1, owner)] if match(owner) else [], "owner", owner_body)


async def get_owner(request: Request) -> Response:
    """GET /owners/{id}"""
    owner = render_of(request).owner
    if request.path_params["id"] != owner.id:
        raise ApiError(404, f"not found: {request.path_params['id']}")
    return JSONResponse(owner_body(owner))


async def get_user(request: Request) -> Response:
    """GET /users: whose key this is."""
    return JSONResponse(user_body(render_of(request).owner))


routes = [
    Route("/v1/owners", list_owners, methods=["GET"]),
    Route("/v1/owners/{id}", get_owner, methods=["GET"]),
    Route("/v1/users", get_user, methods=["GET"]),
]
