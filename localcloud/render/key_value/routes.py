"""Key Value stores. https://api-docs.render.com/reference/create-key-value"""

from __future__ import annotations

import asyncio
import logging
from typing import Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.machine import servers
from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Body, Cidr, Many, Region
from localcloud.render.api.http import empty, parse, public
from localcloud.render.api.old import Record
from localcloud.render.api.pages import page, wanted
from localcloud.render.environments.model import check_environment
from localcloud.render.local_render import LocalRender, render_of
from localcloud.render.owners.bodies import owner_body
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.values import KeyValue

log = logging.getLogger("localcloud.render")
Policy = Literal[
    "noeviction",
    "allkeys_lru",
    "allkeys_lfu",
    "allkeys_random",
    "volatile_lru",
    "volatile_lfu",
    "volatile_random",
    "volatile_ttl",
]
Plan = Literal["free", "starter", "standard", "pro", "pro_plus", "custom"]
Persistence = Literal["journal_snapshot", "snapshot", "off"]


class KeyValueChange(Body):
    """PATCH /key-value/{id}"""

    name: str | None = Field(default=None, min_length=1)
    plan: Plan | None = None
    maxmemory_policy: Policy | None = None
    persistence_mode: Persistence | None = None
    ip_allow_list: Many[Cidr] | None = None


class KeyValueCreate(KeyValueChange):
    """POST /key-value"""

    name: str = Field(min_length=1)
    owner_id: str
    plan: Plan
    region: Region = "oregon"
    environment_id: str | None = None


async def create(request: Request) -> Response:
    """The reply comes at once, the store a little later."""
    render, want = render_of(request), await parse(request, KeyValueCreate)
    render.check_owner(want.owner_id)
    check_environment(render.store, want.environment_id)
    stamp = ids.now()
    record: Record = {
        "id": ids.new("red"),
        "name": want.name,
        "status": "unknown",
        "plan": want.plan,
        "region": want.region,
        "version": _version(),
        "ipAllowList": [item.model_dump(by_alias=True) for item in want.ip_allow_list or []],
        "options": {
            "maxmemoryPolicy": want.maxmemory_policy or "allkeys_lru",
            "persistenceMode": want.persistence_mode or ("off" if want.plan == "free" else "journal_snapshot"),
        },
        "createdAt": stamp,
        "updatedAt": stamp,
        "_suspended": False,
    }
    if want.environment_id:
        record["environmentId"] = want.environment_id
    render.old.put("key_value", record)
    reply = show(render, record, created=True)
    record["status"] = "creating"
    render.tasks.spawn(bring_up(render, record))
    return JSONResponse(reply, 201)


async def bring_up(render: LocalRender, record: Record) -> RuntimeFailure | None:
    """Start the store with its settings and say when it can be used; returns why it cannot."""
    async with render.tasks.lock(record["id"]):
        if render.old.get("key_value", record["id"]) is not record or record["_suspended"]:
            return None
        trouble = None
        try:
            options = record["options"]
            store = KeyValue(record["id"], options["maxmemoryPolicy"], options["persistenceMode"] != "off")
            await asyncio.to_thread(render.runtime.key_values.start, store)
            record["status"] = "available"
        except RuntimeFailure as failure:
            log.error("key value %s: %s", record["id"], failure.message)  # noqa: TRY400 - the message is for people
            record["status"], trouble = "unavailable", failure
        render.old.put("key_value", record)
    return trouble


async def remove(render: LocalRender, record: Record) -> None:
    """Delete the store with all its data."""
    async with render.tasks.lock(record["id"]):
        await asyncio.to_thread(render.runtime.key_values.drop, record["id"])
        render.old.remove("key_value", record["id"])


async def listing(request: Request) -> Response:
    """GET /key-value"""
    render = render_of(request)
    match = wanted(
        request,
        dict,
        name=lambda record: record["name"],
        region=lambda record: record["region"],
        environmentId=lambda record: record.get("environmentId"),
        ownerId=lambda _: render.owner.id,
    )
    return page(request, render.ordered("key_value", match), "keyValue", lambda record: show(render, record))


async def get(request: Request) -> Response:
    """GET /key-value/{id}"""
    render = render_of(request)
    return JSONResponse(show(render, render.find("key_value", request.path_params["id"])))


async def change(request: Request) -> Response:
    """PATCH /key-value/{id}"""
    render, want = render_of(request), await parse(request, KeyValueChange)
    record = render.find("key_value", request.path_params["id"])
    sent = {key: value for key, value in want.sent().items() if value is not None}
    options = {key: sent.pop(key) for key in ("maxmemoryPolicy", "persistenceMode") if key in sent}
    restart = "plan" in sent or options
    record.update(sent)
    record["options"] = {**record["options"], **options}
    if restart and not record["_suspended"]:
        record["status"] = "creating"
        render.tasks.spawn(bring_up(render, record))
    return JSONResponse(show(render, render.changed("key_value", record)))


async def delete(request: Request) -> Response:
    """DELETE /key-value/{id}"""
    render = render_of(request)
    await remove(render, render.find("key_value", request.path_params["id"]))
    return empty(204)


async def connection_info(request: Request) -> Response:
    """GET /key-value/{id}/connection-info: inside and outside are the same address here."""
    render = render_of(request)
    record = render.find("key_value", request.path_params["id"])
    url = await asyncio.to_thread(render.runtime.key_values.url, record["id"])
    return JSONResponse(
        {
            "internalConnectionString": url,
            "externalConnectionString": url,
            "cliCommand": f" valkey-cli -u {url}",
        }
    )


async def suspend(request: Request) -> Response:
    """POST /key-value/{id}/suspend"""
    render = render_of(request)
    record = render.find("key_value", request.path_params["id"])
    async with render.tasks.lock(record["id"]):
        record.update(_suspended=True, status="suspended")
        render.changed("key_value", record)
        await asyncio.to_thread(render.runtime.key_values.stop, record["id"])
    return empty(202)


async def resume(request: Request) -> Response:
    """POST /key-value/{id}/resume"""
    render = render_of(request)
    record = render.find("key_value", request.path_params["id"])
    record.update(_suspended=False, status="creating")
    render.changed("key_value", record)
    render.tasks.spawn(bring_up(render, record))
    return empty(202)


def show(render: LocalRender, record: Record, *, created: bool = False) -> Record:
    """A store as it is read."""
    view = public(record, created=created)
    return {**view, "owner": owner_body(render.owner), "ipAllowList": record["ipAllowList"] or None}


def _version() -> str:
    version = servers.valkey_version()
    if not version:
        raise ApiError(503, "there is no Valkey on this machine")
    return version


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
