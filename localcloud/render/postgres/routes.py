"""Postgres databases. https://api-docs.render.com/reference/create-postgres

On this machine high availability is one server, and a read replica is a name for the primary's own database.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Cidr
from localcloud.render.api.http import empty, parse, public
from localcloud.render.api.old import Record
from localcloud.render.api.pages import page, wanted
from localcloud.render.environments.model import check_environment
from localcloud.render.local_render import LocalRender, render_of
from localcloud.render.owners.bodies import owner_body
from localcloud.render.postgres.shapes import (
    LEGACY,
    VERSIONS,
    PostgresChange,
    PostgresCreate,
    check_settings,
    check_supported,
    database_name,
    default_disk,
    set_replicas,
)
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.values import Database

log = logging.getLogger("localcloud.render")


async def create(request: Request) -> Response:
    """The reply comes at once, the database a little later."""
    render, want = render_of(request), await parse(request, PostgresCreate)
    render.check_owner(want.owner_id)
    check_environment(render.store, want.environment_id)
    check_supported(want)
    if want.plan in LEGACY:
        raise ApiError(400, f"plan: {want.plan} is not available for new databases")
    await _check_version(render, want.version)
    database = database_name(want)
    stamp, key = ids.now(), ids.new("dpg") + "-a"
    record: Record = {
        "id": key,
        "name": want.name,
        "status": "creating",
        "plan": want.plan,
        "region": want.region,
        "version": want.version,
        "databaseName": database,
        "databaseUser": want.database_user or f"{database}_user",
        "diskSizeGB": want.disk_size_gb or default_disk(want.plan),
        "diskAutoscalingEnabled": bool(want.enable_disk_autoscaling),
        "highAvailabilityEnabled": bool(want.enable_high_availability),
        "ipAllowList": _ranges(want.ip_allow_list)
        if "ip_allow_list" in want.model_fields_set
        else [{"cidrBlock": "0.0.0.0/0", "description": "everywhere"}],
        "readReplicas": [],
        "role": "primary",
        "suspended": "not_suspended",
        "suspenders": [],
        "dashboardUrl": f"https://dashboard.render.com/d/{key}",
        "createdAt": stamp,
        "updatedAt": stamp,
        "_password": secrets.token_urlsafe(24).replace("-", "x").replace("_", "y"),
    }
    check_settings(record)
    set_replicas(record, want.read_replicas or [])
    if want.environment_id:
        record["environmentId"] = want.environment_id
    if want.plan == "free":
        record["expiresAt"] = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"
    render.old.put("postgres", record)
    render.tasks.spawn(bring_up(render, record))
    return JSONResponse(show(render, record, created=True), 201)


async def bring_up(render: LocalRender, record: Record) -> RuntimeFailure | None:
    """Make the database, or find it again, and say when it can be used; returns why it cannot."""
    async with render.tasks.lock(record["id"]):
        if render.old.get("postgres", record["id"]) is not record or record["suspended"] == "suspended":
            return None
        trouble = None
        try:
            await asyncio.to_thread(render.runtime.databases.create, _database(record))
            record["status"] = "available"
        except RuntimeFailure as failure:
            log.error("postgres %s: %s", record["id"], failure.message)  # noqa: TRY400 - the message is for people
            record["status"], trouble = "unavailable", failure
        render.old.put("postgres", record)
    return trouble


async def remove(render: LocalRender, record: Record) -> None:
    """Drop the database with all its data."""
    async with render.tasks.lock(record["id"]):
        await asyncio.to_thread(render.runtime.databases.drop, record["id"])
        render.old.remove("postgres", record["id"])


async def listing(request: Request) -> Response:
    """GET /postgres"""
    render = render_of(request)
    match = wanted(
        request,
        dict,
        name=lambda record: record["name"],
        region=lambda record: record["region"],
        suspended=lambda record: record["suspended"],
        environmentId=lambda record: record.get("environmentId"),
        ownerId=lambda _: render.owner.id,
    )
    return page(request, render.ordered("postgres", match), "postgres", lambda record: show(render, record))


async def get(request: Request) -> Response:
    """GET /postgres/{id}, also of a replica."""
    render = render_of(request)
    return JSONResponse(show(render, _find(request), key=request.path_params["id"]))


async def change(request: Request) -> Response:
    """PATCH /postgres/{id}: disks only grow, replicas are the full wanted list."""
    render, want = render_of(request), await parse(request, PostgresChange)
    record = render.find("postgres", request.path_params["id"])
    check_supported(want)
    changed = {**record}
    plain = {"name": "name", "plan": "plan", "disk_size_gb": "diskSizeGB"}
    flags = {
        "enable_disk_autoscaling": "diskAutoscalingEnabled",
        "enable_high_availability": "highAvailabilityEnabled",
    }
    for name, field in {**plain, **flags}.items():
        if getattr(want, name) is not None:
            changed[field] = getattr(want, name)
    if changed["diskSizeGB"] < record["diskSizeGB"]:
        raise ApiError(400, f"diskSizeGB: a disk cannot shrink (it has {record['diskSizeGB']} GB)")
    if changed["plan"] in LEGACY and changed["plan"] != record["plan"]:
        raise ApiError(400, f"plan: {changed['plan']} is not available any more")
    if "ip_allow_list" in want.model_fields_set:
        changed["ipAllowList"] = _ranges(want.ip_allow_list)
    check_settings(changed)
    if want.read_replicas is not None:
        set_replicas(changed, want.read_replicas)
    rebuilt = any(changed[field] != record[field] for field in ("plan", "highAvailabilityEnabled", "readReplicas"))
    record.update(changed)
    if rebuilt and record["suspended"] == "not_suspended":
        record["status"] = "creating"
        render.tasks.spawn(bring_up(render, record))
    return JSONResponse(show(render, render.changed("postgres", record)))


async def delete(request: Request) -> Response:
    """DELETE /postgres/{id}"""
    render = render_of(request)
    await remove(render, render.find("postgres", request.path_params["id"]))
    return empty(204)


async def connection_info(request: Request) -> Response:
    """GET /postgres/{id}/connection-info: inside and outside are the same address here."""
    render, record = render_of(request), _find(request)
    url = await asyncio.to_thread(render.runtime.databases.url, _database(record))
    parts = urlsplit(url)
    command = (
        f"PGPASSWORD={record['_password']} psql -h {parts.hostname} -p {parts.port} "
        f"-U {record['databaseUser']} {record['databaseName']}"
    )
    return JSONResponse(
        {
            "password": record["_password"],
            "internalConnectionString": url,
            "externalConnectionString": url,
            "psqlCommand": command,
        }
    )


async def suspend(request: Request) -> Response:
    """POST /postgres/{id}/suspend"""
    render = render_of(request)
    record = render.find("postgres", request.path_params["id"])
    async with render.tasks.lock(record["id"]):
        record.update(suspended="suspended", suspenders=["user"], status="suspended")
        render.changed("postgres", record)
        await asyncio.to_thread(render.runtime.databases.suspend, record["id"])
    return empty(202)


async def resume(request: Request) -> Response:
    """POST /postgres/{id}/resume"""
    render = render_of(request)
    record = render.find("postgres", request.path_params["id"])
    record.update(suspended="not_suspended", suspenders=[], status="creating")
    render.changed("postgres", record)
    async with render.tasks.lock(record["id"]):
        await asyncio.to_thread(render.runtime.databases.resume, record["id"])
    render.tasks.spawn(bring_up(render, record))
    return empty(202)


async def restart(request: Request) -> Response:
    """POST /postgres/{id}/restart"""
    render = render_of(request)
    record = render.find("postgres", request.path_params["id"])
    if record["suspended"] == "suspended":
        raise ApiError(400, "cannot restart suspended database")
    async with render.tasks.lock(record["id"]):
        await asyncio.to_thread(render.runtime.databases.suspend, record["id"])
        await asyncio.to_thread(render.runtime.databases.resume, record["id"])
    return empty(202)


def show(render: LocalRender, record: Record, *, key: str = "", created: bool = False) -> Record:
    """A database as it is read, or its replica of that id."""
    view = {
        **public(record, created=created),
        "owner": owner_body(render.owner),
        "ipAllowList": record["ipAllowList"] or None,
    }
    if key and key != record["id"]:
        name = next(replica["name"] for replica in record["readReplicas"] if replica["id"] == key)
        view.update(id=key, name=name, role="replica", primaryPostgresID=record["id"], readReplicas=[])
    return view


def _database(record: Record) -> Database:
    return Database(
        record["id"], record["version"], record["databaseName"], record["databaseUser"], record["_password"]
    )


def _find(request: Request) -> Record:
    render, key = render_of(request), request.path_params["id"]
    for record in render.old.all("postgres"):
        if any(replica["id"] == key for replica in record["readReplicas"]):
            return record
    return render.find("postgres", key)


async def _check_version(render: LocalRender, version: str) -> None:
    if version not in VERSIONS:
        raise ApiError(400, f"version: invalid version {version}, must be one of {', '.join(VERSIONS)}")
    have = await asyncio.to_thread(render.runtime.databases.versions)
    if version not in have:
        raise ApiError(400, f"version: PostgreSQL {version} is not on this machine, which has {', '.join(have)}")


def _ranges(ranges: list[Cidr] | None) -> list[dict[str, Any]]:
    return [item.model_dump(by_alias=True) for item in ranges or []]


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
