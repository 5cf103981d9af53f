"""Headers and routes of static sites: PUT replaces all of them. https://api-docs.render.com/reference/put-routes"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Many
from localcloud.render.api.http import parse
from localcloud.render.api.pages import page
from localcloud.render.local_render import record_of, render_of
from localcloud.render.services.model import Service
from localcloud.render.static_rules import life
from localcloud.render.static_rules.bodies import HeaderPut, RoutePut, rule_body, static_headers, static_routes


async def get_headers(request: Request) -> Response:
    """GET /services/{id}/headers"""
    return page(request, list(enumerate(_site(request).headers, start=1)), "header", rule_body)


async def get_routes(request: Request) -> Response:
    """GET /services/{id}/routes"""
    return page(request, list(enumerate(_site(request).routes, start=1)), "route", rule_body)


async def put_headers(request: Request) -> Response:
    """PUT /services/{id}/headers"""
    want: Sequence[HeaderPut] = await parse(request, Many[HeaderPut])
    headers = static_headers(want)
    await life.replace_headers(render_of(request), _site(request), headers)
    return JSONResponse([rule_body(header) for header in headers] or None)


async def put_routes(request: Request) -> Response:
    """PUT /services/{id}/routes: the order is the priority."""
    want: Sequence[RoutePut] = await parse(request, Many[RoutePut])
    rules = static_routes(want)
    await life.replace_routes(render_of(request), _site(request), rules)
    return JSONResponse([rule_body(rule) for rule in rules] or None)


def _site(request: Request) -> Service:
    service = record_of(request, Service)
    if service.type != "static_site":
        raise ApiError(400, f"service {service.id} is not a static site")
    return service


routes = [
    Route("/v1/services/{id}/headers", get_headers, methods=["GET"]),
    Route("/v1/services/{id}/headers", put_headers, methods=["PUT"]),
    Route("/v1/services/{id}/routes", get_routes, methods=["GET"]),
    Route("/v1/services/{id}/routes", put_routes, methods=["PUT"]),
]
