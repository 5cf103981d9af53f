"""Headers and routes of static sites: PUT replaces all of them. https://api-docs.render.com/reference/put-routes"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Body, Many
from localcloud.render.api.http import parse
from localcloud.render.api.old import Record
from localcloud.render.api.pages import page
from localcloud.render.deploys.steps import go_live
from localcloud.render.local_render import render_of
from localcloud.render.services.routes import rules
from localcloud.render.services.shapes import StaticHeader, StaticRoute


async def get_headers(request: Request) -> Response:
    """GET /services/{id}/headers"""
    return page(request, list(enumerate(_find(request)["_headers"], start=1)), "header", dict)


async def get_routes(request: Request) -> Response:
    """GET /services/{id}/routes"""
    return page(request, list(enumerate(_find(request)["_routes"], start=1)), "route", dict)


async def put_headers(request: Request) -> Response:
    """PUT /services/{id}/headers"""
    want: Sequence[StaticHeader] = await parse(request, Many[StaticHeader])
    return await _replace(request, "_headers", "hdr", want)


async def put_routes(request: Request) -> Response:
    """PUT /services/{id}/routes: the order is the priority."""
    want: Sequence[StaticRoute] = await parse(request, Many[StaticRoute])
    return await _replace(request, "_routes", "rdr", want)


async def _replace(request: Request, field: str, prefix: str, want: Sequence[Body]) -> Response:
    render, service = render_of(request), _find(request)
    service[field] = rules([item.sent() for item in want], prefix)
    render.changed("service", service)
    live = render.deployer.live(service["id"])
    if live is not None and service["suspended"] == "not_suspended" and not render.deployer.busy(service["id"]):
        async with render.tasks.lock(service["id"]):  # a deploy that runs takes the new rules along
            await go_live(render, service, live)
    return JSONResponse(service[field] or None)


def _find(request: Request) -> Record:
    service = render_of(request).find("service", request.path_params["id"])
    if service["type"] != "static_site":
        raise ApiError(400, f"service {service['id']} is not a static site")
    return service


routes = [
    Route("/v1/services/{id}/headers", get_headers, methods=["GET"]),
    Route("/v1/services/{id}/headers", put_headers, methods=["PUT"]),
    Route("/v1/services/{id}/routes", get_routes, methods=["GET"]),
    Route("/v1/services/{id}/routes", put_routes, methods=["PUT"]),
]
