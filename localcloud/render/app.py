"""The ASGI application: routes, and around them keys, rate limits and faults."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from localcloud.render import autodeploy, faults, ids, strangers
from localcloud.render.cloud import Cloud, cloud_of
from localcloud.render.http import ApiError
from localcloud.render.recovery import recover
from localcloud.render.resources import all_routes
from localcloud.render.scheduler import Scheduler

log = logging.getLogger("localcloud.render")
Drop = Callable[[Scope, Receive], Awaitable[None]]
THREADS = 64  # each deploy may hold one for minutes; a cancel must still find one


def create_app(cloud: Cloud, drop: Drop) -> Starlette:
    """The API in front of a cloud. `drop` closes a request's connection without a reply."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "runtime"))
        cloud.spawn(_come_up(cloud))
        yield
        await _go_down(cloud)

    app = Starlette(
        routes=_routes(cloud),
        lifespan=lifespan,
        exception_handlers={ApiError: _refused, HTTPException: _no_such_route, Exception: _broken},
    )
    app.state.cloud = cloud
    app.add_middleware(Gate, cloud=cloud, drop=drop)
    return app


class Gate:
    """What happens to every call before an endpoint sees it: the key, the rate limit, the fault on demand."""

    def __init__(self, app: ASGIApp, cloud: Cloud, drop: Drop) -> None:
        self._app = app
        self._cloud = cloud
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let calls of the API through, or answer in its place."""
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        headers = {"Render-Request-Id": ids.xid()}
        refused = self._refusal(Request(scope))
        fault = None if refused else self._cloud.faults.take(method=scope["method"], path=scope["path"])
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind == "drop_after":
            try:
                await self._app(scope, receive, _swallow)
            finally:
                await self._drop(scope, receive)
            return
        if refused is None:
            allowed, counted = self._cloud.limits.count(scope["method"], scope["path"])
            headers |= counted
            if fault and fault.kind == "rate_limit":
                headers |= {"Ratelimit-Remaining": "0", "Ratelimit-Reset": str(int(fault.seconds))}
            if not allowed or (fault and fault.kind == "rate_limit"):
                refused = JSONResponse({"error": "rate limit exceeded"}, 429)
            elif fault and fault.kind == "status":
                refused = JSONResponse({"message": fault.message}, fault.status)
        if refused is not None:
            refused.headers.update(headers)
            await refused(scope, receive, send)
            return
        await self._app(scope, receive, _with_headers(send, headers))

    def _refusal(self, request: Request) -> Response | None:
        wanted = f"Bearer {self._cloud.identity.render_api_key}"
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted.encode()):
            return JSONResponse({"message": "unauthorized"}, 401)
        if not self._cloud.ready:
            return JSONResponse({"message": "the local Render is starting"}, 503)
        return None


def _with_headers(send: Send, headers: dict[str, str]) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            extra = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
            message = {**message, "headers": [*message.get("headers", []), *extra]}
        await send(message)

    return wrapped


async def _swallow(_: Message) -> None:
    """The reply of a call whose connection is dropped."""


async def _come_up(cloud: Cloud) -> None:
    try:
        await recover(cloud)
    except Exception as failure:
        cloud.broken = str(failure)
        log.exception("the local Render cannot start")
        return
    cloud.ready = True
    cloud.spawn(autodeploy.watch(cloud))
    cloud.spawn(Scheduler(cloud).watch())


async def _go_down(cloud: Cloud) -> None:
    cloud.ready = False
    cloud.deployer.closing = True
    await cloud.cancel_tasks()
    await cloud.run(cloud.runtime.stop)
    cloud.store.close()


def _routes(cloud: Cloud) -> list[BaseRoute]:
    return [
        Route("/_local/health", _health, methods=["GET"]),
        *faults.routes(cloud.faults),
        *cloud.limits.routes(),
        *strangers.routes(cloud.store),
        *all_routes(),
    ]


async def _health(request: Request) -> Response:
    cloud = cloud_of(request)
    reply = {"ready": cloud.ready, **({"error": cloud.broken, "gave_up": True} if cloud.broken else {})}
    return JSONResponse(reply, 200 if cloud.ready else 503)


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
