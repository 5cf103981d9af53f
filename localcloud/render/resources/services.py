"""Services of all types: create, read, change, delete. https://api-docs.render.com/reference/create-service"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render import ids
from localcloud.render.cloud import Cloud, cloud_of
from localcloud.render.deploy_steps import new_deploy
from localcloud.render.http import ApiError, empty, page, parse, wanted
from localcloud.render.service_record import apply_change, details_of, made, shown
from localcloud.render.service_shapes import ServiceChange, ServiceCreate
from localcloud.render.source import find_branch, head
from localcloud.render.store import Record


async def create(request: Request) -> Response:
    """POST /services: the first deploy starts at once."""
    cloud, want = cloud_of(request), await parse(request, ServiceCreate)
    cloud.check_owner(want.owner_id)
    cloud.check_environment(want.environment_id)
    service = made(cloud, want, details_of(want.type, want.service_details, create=True))
    commit = await head(cloud, service)
    service["_url"] = await cloud.run(cloud.runtime.edge.url, service["id"])
    if want.type == "static_site":
        details = want.service_details
        service["_routes"] = rules(details.get("routes"), "rdr")
        service["_headers"] = rules(details.get("headers"), "hdr")
    _check_name(cloud, service, want.name)  # the last check, with no await before the service is kept
    service["_head"] = (commit or {}).get("id")
    cloud.store.put("service", service)
    await publish(cloud, service)
    deploy = new_deploy(service, "api", commit=commit, image=service.get("imagePath"))
    cloud.deployer.request(service, deploy)
    return JSONResponse({"service": shown(cloud, service), "deployId": deploy["id"]}, 201)


async def listing(request: Request) -> Response:
    """GET /services"""
    cloud = cloud_of(request)
    match = wanted(
        request,
        name=lambda record: record["name"],
        type=lambda record: record["type"],
        environmentId=lambda record: record.get("environmentId"),
        env=lambda record: record["serviceDetails"].get("env"),
        region=lambda record: record["serviceDetails"].get("region"),
        suspended=lambda record: record["suspended"],
        ownerId=lambda record: record["ownerId"],
    )
    return page(request, cloud.ordered("service", match), "service", lambda record: shown(cloud, record))


async def get(request: Request) -> Response:
    """GET /services/{id}"""
    cloud = cloud_of(request)
    return JSONResponse(shown(cloud, cloud.find("service", request.path_params["id"])))


async def change(request: Request) -> Response:
    """PATCH /services/{id}: deploys nothing."""
    cloud, want = cloud_of(request), await parse(request, ServiceChange)
    service = cloud.find("service", request.path_params["id"])
    given = details_of(service["type"], want.service_details or {}, create=False)
    changed: dict[str, Any] = {**service, "serviceDetails": {**service["serviceDetails"]}}
    apply_change(cloud, changed, want, given)
    if changed.get("repo") and (want.repo or want.branch or not service.get("repo")):
        changed["branch"], changed["_head"] = await find_branch(cloud, changed["repo"], changed["branch"])
    _check_name(cloud, service, changed["name"])
    for name in ("repo", "branch", "imagePath", "buildFilter", "_credential"):
        if name not in changed:
            service.pop(name, None)
    service.update(changed)
    cloud.changed("service", service)
    if "maintenanceMode" in given:
        mode = given["maintenanceMode"]
        await cloud.run(cloud.runtime.edge.set_maintenance, service["id"], mode["enabled"], mode["uri"])
    return JSONResponse(shown(cloud, service))


async def delete(request: Request) -> Response:
    """DELETE /services/{id}"""
    cloud = cloud_of(request)
    await remove(cloud, cloud.find("service", request.path_params["id"]))
    return empty(204)


async def remove(cloud: Cloud, service: Record) -> None:
    """End a service and forget what belongs to it: deploys, jobs, runs, domains, links."""
    key = service["id"]
    service.update(suspended="suspended")  # nothing starts it again while it is taken down
    await cloud.deployer.halt(key)
    for kind in ("job", "cron_run"):
        for run in cloud.store.all(kind, lambda record: bool(record["serviceId"] == key)):
            await cloud.run(cloud.runtime.cancel, key, run["id"])
            cloud.store.remove(kind, run["id"])
    async with cloud.lock(key):
        await cloud.run(cloud.runtime.remove_service, key)
    for kind in ("deploy", "custom_domain", "env_group_link"):
        for record in cloud.store.all(kind, lambda record: bool(record["_service"] == key)):
            cloud.store.remove(kind, record["id"])
    cloud.store.remove("service", key)


async def publish(cloud: Cloud, service: Record) -> None:
    """Tell the edge how a service is reached."""
    domains = cloud.store.all("custom_domain", lambda record: bool(record["_service"] == service["id"]))
    names = {domain["name"]: domain["redirectForName"] for domain in domains}
    await cloud.run(cloud.runtime.edge.set_names, service["id"], service["slug"], names)
    mode = service["serviceDetails"].get("maintenanceMode")
    if mode and mode["enabled"]:
        await cloud.run(cloud.runtime.edge.set_maintenance, service["id"], True, mode["uri"])


def rules(given: Any, prefix: str) -> list[Record]:
    """Routes or headers as they are kept, with ids and, for routes, their place as priority."""
    kept = [{"id": ids.new(prefix), **rule} for rule in given or []]
    if prefix == "rdr":
        for place, rule in enumerate(kept):
            rule["priority"] = place
    return kept


def _check_name(cloud: Cloud, service: Record, name: str) -> None:
    for other in cloud.store.all("service", lambda record: bool(record["name"] == name)):
        if other["id"] != service["id"]:
            raise ApiError(400, f"name: {name} is already in use by {other['id']}")


routes = [
    Route("/v1/services", create, methods=["POST"]),
    Route("/v1/services", listing, methods=["GET"]),
    Route("/v1/services/{id}", get, methods=["GET"]),
    Route("/v1/services/{id}", change, methods=["PATCH"]),
    Route("/v1/services/{id}", delete, methods=["DELETE"]),
]
