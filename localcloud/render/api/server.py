"""The HTTP server: uvicorn, able to drop a connection without a reply and to end with exit code 0."""

from __future__ import annotations

import asyncio
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from localcloud.machine.ports import HOST
from localcloud.render.api.app import create_app
from localcloud.render.local_render import LocalRender

GRACE_SECONDS = 3


class Server(uvicorn.Server):
    """uvicorn, but a SIGTERM that was handled is not raised a second time at the end."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End after the requests in progress."""
        self.should_exit = True


def create_server(render: LocalRender, number: int) -> Server:
    """A server for the API on that port of this machine."""
    connections: dict[Any, asyncio.Transport] = {}

    class Protocol(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
            super().connection_made(transport)
            connections[self.client] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            connections.pop(self.client, None)
            super().connection_lost(exc)

    async def drop(scope: Scope, receive: Receive) -> None:
        connections[tuple(scope["client"])].abort()
        while (await receive())["type"] != "http.disconnect":
            pass

    config = uvicorn.Config(
        create_app(render, drop),
        host=HOST,
        port=number,
        http=Protocol,
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="on",
    )
    return Server(config)
