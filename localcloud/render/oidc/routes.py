"""What the workspace's issuer publishes, to everybody: at oidc.render.com, which is `/oidc` here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.machine.token_issuer import DISCOVERY, JWKS, TokenIssuer
from localcloud.render.api.errors import ApiError
from localcloud.render.local_render import render_of
from localcloud.render.oidc.issuer import CLAIMS, issuer


def _discovery(request: Request) -> Response:
    return JSONResponse(_issuer(request).discovery(CLAIMS))


def _jwks(request: Request) -> Response:
    return JSONResponse(_issuer(request).jwks())


def _issuer(request: Request) -> TokenIssuer:
    owner_id = request.path_params["owner"]
    if owner_id != render_of(request).owner.id:
        raise ApiError(404, f"not found: {owner_id}")
    return issuer(owner_id)


routes = [
    Route(f"/oidc/{{owner}}{DISCOVERY}", _discovery, methods=["GET"]),
    Route(f"/oidc/{{owner}}{JWKS}", _jwks, methods=["GET"]),
]
