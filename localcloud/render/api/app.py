"""The ASGI application: the routes of all resources, and those of the local cloud's own."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import pkgutil

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localcloud import render as package
from localcloud.render.api import faults
from localcloud.render.api.errors import ApiError
from localcloud.render.api.gate import Drop, Gate
from localcloud.render.cron_runs import due
from localcloud.render.cron_runs.schedule import Scheduler
from localcloud.render.lifespan import lifespan
from localcloud.render.local_render import LocalRender, render_of

log = logging.getLogger("localcloud.render")


def create_app(render: LocalRender, drop: Drop) -> Starlette:
    """The API in front of the local Render. `drop` closes a request's connection without a reply."""
    scheduler = Scheduler(render)
    app = Starlette(
        routes=[
            Route("/_local/health", _health, methods=["GET"]),
            *faults.routes(render.faults),
            *render.limits.routes(),
            *due.routes(render, scheduler),
            *resource_routes(),
        ],
        lifespan=lambda _: lifespan(render, scheduler),
        exception_handlers={ApiError: _refused, HTTPException: _no_such_route, Exception: _broken},
    )
    app.state.render = render
    app.add_middleware(Gate, render=render, drop=drop)
    return app


def resource_routes() -> list[BaseRoute]:
    """Every resource's endpoints: the `routes` of `routes.py` in each folder that has one."""
    folders = [module.name for module in pkgutil.iter_modules(package.__path__) if module.ispkg]
    modules = [f"{package.__name__}.{folder}.routes" for folder in sorted(folders)]
    return [
        route
        for module in modules
        if importlib.util.find_spec(module)
        for route in importlib.import_module(module).routes
    ]


async def _health(request: Request) -> Response:
    render = render_of(request)
    reply = {"ready": render.ready, **({"error": render.broken, "gave_up": True} if render.broken else {})}
    return JSONResponse(reply, 200 if render.ready else 503)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - Starlette calls this for nothing else
    return error.response()


async def _no_such_route(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    what = "method not allowed" if status == 405 else f"not found: {request.url.path}"
    return JSONResponse({"message": what}, status)


async def _broken(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"message": f"internal error: {type(error).__name__}"}, 500)
