"""Postgres databases. https://api-docs.render.com/reference/create-postgres"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.http import empty, parse
from localcloud.render.api.pages import page, wanted
from localcloud.render.environments.model import check_environment
from localcloud.render.local_render import record_of, render_of
from localcloud.render.postgres import life
from localcloud.render.postgres.bodies import (
    PostgresChange,
    PostgresCreate,
    connection_body,
    created_body,
    postgres_body,
    suspension,
)
from localcloud.render.postgres.model import Postgres, find_postgres


async def create(request: Request) -> Response:
    """POST /postgres: the reply comes at once, the database a little later."""
    render, want = render_of(request), await parse(request, PostgresCreate)
    render.check_owner(want.owner_id)
    check_environment(render.store, want.environment_id)
    return JSONResponse(created_body(await life.create(render, want), render.owner), 201)


async def listing(request: Request) -> Response:
    """GET /postgres"""
    render = render_of(request)
    match = wanted(
        request,
        Postgres,
        name=lambda postgres: postgres.name,
        region=lambda postgres: postgres.region,
        suspended=suspension,
        environmentId=lambda postgres: postgres.environment_id,
        ownerId=lambda _: render.owner.id,
    )
    every = render.store.numbered(Postgres, match)
    return page(request, every, "postgres", lambda postgres: postgres_body(postgres, render.owner))


async def get(request: Request) -> Response:
    """GET /postgres/{id}, also of a replica."""
    render, key = render_of(request), request.path_params["id"]
    return JSONResponse(postgres_body(find_postgres(render.store, key), render.owner, key))


async def change(request: Request) -> Response:
    """PATCH /postgres/{id}: disks only grow, replicas are the full wanted list."""
    render, want = render_of(request), await parse(request, PostgresChange)
    return JSONResponse(postgres_body(life.change(render, record_of(request, Postgres), want), render.owner))


async def delete(request: Request) -> Response:
    """DELETE /postgres/{id}"""
    await life.remove(render_of(request), record_of(request, Postgres))
    return empty(204)


async def connection_info(request: Request) -> Response:
    """GET /postgres/{id}/connection-info, also of a replica."""
    render = render_of(request)
    postgres = find_postgres(render.store, request.path_params["id"])
    url = await asyncio.to_thread(render.runtime.databases.url, postgres.database)
    return JSONResponse(connection_body(postgres, url))


async def suspend(request: Request) -> Response:
    """POST /postgres/{id}/suspend"""
    await life.suspend(render_of(request), record_of(request, Postgres))
    return empty(202)


async def resume(request: Request) -> Response:
    """POST /postgres/{id}/resume"""
    await life.resume(render_of(request), record_of(request, Postgres))
    return empty(202)


async def restart(request: Request) -> Response:
    """POST /postgres/{id}/restart"""
    await life.restart(render_of(request), record_of(request, Postgres))
    return empty(202)


routes = [
    Route("/v1/postgres", create, methods=["POST"]),
    Route("/v1/postgres", listing, methods=["GET"]),
    Route("/v1/postgres/{id}", get, methods=["GET"]),
    Route("/v1/postgres/{id}", change, methods=["PATCH"]),
    Route("/v1/postgres/{id}", delete, methods=["DELETE"]),
    Route("/v1/postgres/{id}/connection-info", connection_info, methods=["GET"]),
    Route("/v1/postgres/{id}/suspend", suspend, methods=["POST"]),
    Route("/v1/postgres/{id}/resume", resume, methods=["POST"]),
    Route("/v1/postgres/{id}/restart", restart, methods=["POST"]),
]
