"""Services of all types: create, read, change, delete. https://api-docs.render.com/reference/create-service"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.http import empty, parse
from localcloud.render.api.old import Record
from localcloud.render.api.pages import page, wanted
from localcloud.render.deploys.source import find_branch, head
from localcloud.render.deploys.steps import new_deploy
from localcloud.render.environments.model import check_environment
from localcloud.render.local_render import LocalRender, render_of
from localcloud.render.services import actions
from localcloud.render.services.record import apply_change, details_of, made, shown
from localcloud.render.services.shapes import ServiceChange, ServiceCreate


async def create(request: Request) -> Response:
    """POST /services: the first deploy starts at once."""
    render, want = render_of(request), await parse(request, ServiceCreate)
    render.check_owner(want.owner_id)
    check_environment(render.store, want.environment_id)
    service = made(render, want, details_of(want.type, want.service_details, create=True))
    commit = await head(render, service)
    service["_url"] = await asyncio.to_thread(render.runtime.edge.url, service["id"])
    if want.type == "static_site":
        details = want.service_details
        service["_routes"] = rules(details.get("routes"), "rdr")
        service["_headers"] = rules(details.get("headers"), "hdr")
    _check_name(render, service, want.name)  # the last check, with no await before the service is kept
    service["_head"] = (commit or {}).get("id")
    render.old.put("service", service)
    await publish(render, service)
    deploy = new_deploy(service, "api", commit=commit, image=service.get("imagePath"))
    render.deployer.request(service, deploy)
    return JSONResponse({"service": shown(render, service), "deployId": deploy["id"]}, 201)


async def listing(request: Request) -> Response:
    """GET /services"""
    render = render_of(request)
    match = wanted(
        request,
        dict,
        name=lambda record: record["name"],
        type=lambda record: record["type"],
        environmentId=lambda record: record.get("environmentId"),
        env=lambda record: record["serviceDetails"].get("env"),
        region=lambda record: record["serviceDetails"].get("region"),
        suspended=lambda record: record["suspended"],
        ownerId=lambda record: record["ownerId"],
    )
    return page(request, render.ordered("service", match), "service", lambda record: shown(render, record))


async def get(request: Request) -> Response:
    """GET /services/{id}"""
    render = render_of(request)
    return JSONResponse(shown(render, render.find("service", request.path_params["id"])))


async def change(request: Request) -> Response:
    """PATCH /services/{id}: deploys nothing."""
    render, want = render_of(request), await parse(request, ServiceChange)
    service = render.find("service", request.path_params["id"])
    given = details_of(service["type"], want.service_details or {}, create=False)
    changed: dict[str, Any] = {**service, "serviceDetails": {**service["serviceDetails"]}}
    apply_change(render, changed, want, given)
    if changed.get("repo") and (want.repo or want.branch or not service.get("repo")):
        changed["branch"], changed["_head"] = await find_branch(render, changed["repo"], changed["branch"])
    _check_name(render, service, changed["name"])
    for name in ("repo", "branch", "imagePath", "buildFilter", "_credential"):
        if name not in changed:
            service.pop(name, None)
    service.update(changed)
    render.changed("service", service)
    if "maintenanceMode" in given:
        mode = given["maintenanceMode"]
        await asyncio.to_thread(render.runtime.edge.set_maintenance, service["id"], mode["enabled"], mode["uri"])
    return JSONResponse(shown(render, service))


async def delete(request: Request) -> Response:
    """DELETE /services/{id}"""
    render = render_of(request)
    await remove(render, render.find("service", request.path_params["id"]))
    return empty(204)


async def remove(render: LocalRender, service: Record) -> None:
    """End a service and forget what belongs to it: deploys, jobs, runs, domains, links."""
    key = service["id"]
    service.update(suspended="suspended")  # nothing starts it again while it is taken down
    await render.deployer.halt(key)
    for kind in ("job", "cron_run"):
        for run in render.old.all(kind, lambda record: bool(record["serviceId"] == key)):
            await asyncio.to_thread(render.runtime.cancel, key, run["id"])
            render.old.remove(kind, run["id"])
    async with render.tasks.lock(key):
        await asyncio.to_thread(render.runtime.remove_service, key)
    for kind in ("deploy", "custom_domain", "env_group_link"):
        for record in render.old.all(kind, lambda record: bool(record["_service"] == key)):
            render.old.remove(kind, record["id"])
    render.old.remove("service", key)


async def publish(render: LocalRender, service: Record) -> None:
    """Tell the edge how a service is reached."""
    domains = render.old.all("custom_domain", lambda record: bool(record["_service"] == service["id"]))
    names = {domain["name"]: domain["redirectForName"] for domain in domains}
    await asyncio.to_thread(render.runtime.edge.set_names, service["id"], service["slug"], names)
    mode = service["serviceDetails"].get("maintenanceMode")
    if mode and mode["enabled"]:
        await asyncio.to_thread(render.runtime.edge.set_maintenance, service["id"], True, mode["uri"])


def rules(given: Any, prefix: str) -> list[Record]:
    """Routes or headers as they are kept, with ids and, for routes, their place as priority."""
    kept = [{"id": ids.new(prefix), **rule} for rule in given or []]
    if prefix == "rdr":
        for place, rule in enumerate(kept):
            rule["priority"] = place
    return kept


def _check_name(render: LocalRender, service: Record, name: str) -> None:
    for other in render.old.all("service", lambda record: bool(record["name"] == name)):
        if other["id"] != service["id"]:
            raise ApiError(400, f"name: {name} is already in use by {other['id']}")


routes = [
    *actions.routes,
    Route("/v1/services", create, methods=["POST"]),
    Route("/v1/services", listing, methods=["GET"]),
    Route("/v1/services/{id}", get, methods=["GET"]),
    Route("/v1/services/{id}", change, methods=["PATCH"]),
    Route("/v1/services/{id}", delete, methods=["DELETE"]),
]
