"""What stands before every endpoint of the API: the key, the rate limit, the fault on demand."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from localcloud.render.api import ids
from localcloud.render.local_render import LocalRender

Drop = Callable[[Scope, Receive], Awaitable[None]]


class Gate:
    """What happens to every call before an endpoint sees it: the key, the rate limit, the fault on demand."""

    def __init__(self, app: ASGIApp, render: LocalRender, drop: Drop) -> None:
        self._app = app
        self._render = render
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let calls of the API through, or answer in its place."""
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        headers = {"Render-Request-Id": ids.xid()}
        refused = self._refusal(Request(scope))
        fault = None if refused else self._render.faults.take(method=scope["method"], path=scope["path"])
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind == "drop_after":
            try:
                await self._app(scope, receive, _swallow)
            finally:
                await self._drop(scope, receive)
            return
        if refused is None:
            allowed, counted = self._render.limits.count(scope["method"], scope["path"])
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
        wanted = f"Bearer {self._render.identity.render_api_key}"
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted.encode()):
            return JSONResponse({"message": "unauthorized"}, 401)
        if not self._render.ready:
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
