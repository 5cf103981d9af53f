"""Key Value stores. https://api-docs.render.com/reference/create-key-value"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.http import empty, parse
from localcloud.render.api.pages import page, wanted
from localcloud.render.environments.model import check_environment
from localcloud.render.key_value import life
from localcloud.render.key_value.bodies import (
    KeyValueChange,
    KeyValueCreate,
    connection_body,
    created_body,
    key_value_body,
)
from localcloud.render.key_value.model import KeyValue
from localcloud.render.local_render import record_of, render_of


async def create(request: Request) -> Response:
    """POST /key-value: the reply comes at once, the store a little later."""
    render, want = render_of(request), await parse(request, KeyValueCreate)
    render.check_owner(want.owner_id)
    check_environment(render.store, want.environment_id)
    return JSONResponse(created_body(life.create(render, want), render.owner), 201)


async def listing(request: Request) -> Response:
    """GET /key-value"""
    render = render_of(request)
    match = wanted(
        request,
        KeyValue,
        name=lambda store: store.name,
        region=lambda store: store.region,
        environmentId=lambda store: store.environment_id,
        ownerId=lambda _: render.owner.id,
    )
    stores = render.store.numbered(KeyValue, match)
    return page(request, stores, "keyValue", lambda store: key_value_body(store, render.owner))


async def get(request: Request) -> Response:
    """GET /key-value/{id}"""
    return JSONResponse(key_value_body(record_of(request, KeyValue), render_of(request).owner))


async def change(request: Request) -> Response:
    """PATCH /key-value/{id}"""
    render, want = render_of(request), await parse(request, KeyValueChange)
    return JSONResponse(key_value_body(life.change(render, record_of(request, KeyValue), want), render.owner))


async def delete(request: Request) -> Response:
    """DELETE /key-value/{id}"""
    await life.remove(render_of(request), record_of(request, KeyValue))
    return empty(204)


async def connection_info(request: Request) -> Response:
    """GET /key-value/{id}/connection-info"""
    render = render_of(request)
    return JSONResponse(
        connection_body(await asyncio.to_thread(render.runtime.key_values.url, record_of(request, KeyValue).id))
    )


async def suspend(request: Request) -> Response:
    """POST /key-value/{id}/suspend"""
    await life.suspend(render_of(request), record_of(request, KeyValue))
    return empty(202)


async def resume(request: Request) -> Response:
    """POST /key-value/{id}/resume"""
    life.resume(render_of(request), record_of(request, KeyValue))
    return empty(202)


routes = [
    Route("/v1/key-value", create, methods=["POST"]),
    Route("/v1/key-value", listing, methods=["GET"]),
    Route("/v1/key-value/{id}", get, methods=["GET"]),
    Route("/v1/key-value/{id}", change, methods=["PATCH"]),
    Route("/v1/key-value/{id}", delete, methods=["DELETE"]),
    Route("/v1/key-value/{id}/connection-info", connection_info, methods=["GET"]),
    Route("/v1/key-value/{id}/suspend", suspend, methods=["POST"]),
    Route("/v1/key-value/{id}/resume", resume, methods=["POST"]),
]
