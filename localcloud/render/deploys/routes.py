"""Deploys and rollbacks. https://api-docs.render.com/reference/create-deploy"""

from __future__ import annotations

import asyncio
import time
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Body
from localcloud.render.api.http import empty, parse, public
from localcloud.render.api.images import image_of
from localcloud.render.api.old import Record
from localcloud.render.api.pages import page, wanted
from localcloud.render.deploys.source import commit_of, head
from localcloud.render.deploys.steps import new_deploy
from localcloud.render.local_render import LocalRender, render_of

REPLY_SECONDS = 20.0


class DeployCreate(Body):
    """POST /services/{id}/deploys. Nothing is cached here, so `clearCache` changes nothing."""

    clear_cache: Literal["clear", "do_not_clear"] = "do_not_clear"
    commit_id: str | None = None
    image_url: str | None = None
    deploy_mode: Literal["build_and_deploy"] | None = None


class Rollback(Body):
    """POST /services/{id}/rollback"""

    deploy_id: str


async def create(request: Request) -> Response:
    """201 with the deploy, or 202 and nothing when it waits behind another."""
    render, want, service = render_of(request), await parse(request, DeployCreate), _service(request)
    if service["suspended"] == "suspended":
        raise ApiError(400, "cannot deploy suspended service")
    deploy = new_deploy(service, "api", commit=await _commit(render, service, want), image=_image(service, want))
    return await _reply(render, service, deploy)


async def rollback(request: Request) -> Response:
    """POST /services/{id}/rollback: an older release with today's settings."""
    render, want, service = render_of(request), await parse(request, Rollback), _service(request)
    old = _find(render, service, want.deploy_id)
    if old["status"] not in {"live", "deactivated"}:
        raise ApiError(400, f"cannot roll back to {old['id']}: it is {old['status']} and never was live")
    image = old["image"] and old["image"]["ref"]
    deploy = new_deploy(service, "rollback", commit=old["commit"], image=image, old=old["id"])
    if image:
        deploy["image"] = dict(old["image"])
    return await _reply(render, service, deploy)


async def listing(request: Request) -> Response:
    """GET /services/{id}/deploys: newest first."""
    render, service = render_of(request), _service(request)
    match = wanted(request, dict, status=lambda record: record["status"])
    found = render.ordered(
        "deploy", lambda item: bool(item["_service"] == service["id"] and match(item)), newest_first=True
    )
    return page(request, found, "deploy", public)


async def get(request: Request) -> Response:
    """GET /services/{id}/deploys/{deploy}"""
    render = render_of(request)
    return JSONResponse(public(_find(render, _service(request), request.path_params["deploy"])))


async def cancel(request: Request) -> Response:
    """POST …/cancel"""
    render, service = render_of(request), _service(request)
    deploy = _find(render, service, request.path_params["deploy"])
    if service["type"] == "cron_job":
        raise ApiError(400, "deploys of cron jobs cannot be canceled")
    await render.deployer.cancel(deploy)
    return JSONResponse(public(deploy))


async def _reply(render: LocalRender, service: Record, deploy: Record) -> Response:
    task = render.deployer.request(service, deploy)
    if task is None:
        return empty(202)
    if deploy["image"]:
        await _resolved(service, deploy, task)
    return JSONResponse(public(deploy), 201)


async def _resolved(service: Record, deploy: Record, task: asyncio.Task[None]) -> None:
    """Render's reply knows the image's digest already, and an image-backed cron job's deploy is live in it."""
    cron = service["type"] == "cron_job"
    deadline = time.monotonic() + REPLY_SECONDS
    while not task.done() and (cron or "sha" not in deploy["image"]) and time.monotonic() < deadline:
        await asyncio.wait([task], timeout=0.02)


async def _commit(render: LocalRender, service: Record, want: DeployCreate) -> Record | None:
    if want.commit_id is None:
        return await head(render, service)
    if not service.get("repo"):
        raise ApiError(400, "commitId: is not for image-backed services")
    if service["type"] == "cron_job":
        raise ApiError(400, "commitId: is not supported for cron jobs")
    return await commit_of(render, want.commit_id)


def _image(service: Record, want: DeployCreate) -> str | None:
    current: str | None = service.get("imagePath")
    if want.image_url is None:
        return current
    if current is None:
        raise ApiError(400, "imageUrl: is for image-backed services only")
    asked = image_of(want.image_url)
    if asked.name != image_of(current).name:
        raise ApiError(400, "only the image tag or digest can be updated when creating a deploy")
    return str(asked)


def _find(render: LocalRender, service: Record, key: str) -> Record:
    deploy = render.find("deploy", key)
    if deploy["_service"] != service["id"]:
        raise ApiError(404, f"not found: {key}")
    return deploy


def _service(request: Request) -> Record:
    return render_of(request).find("service", request.path_params["id"])


routes = [
    Route("/v1/services/{id}/deploys", create, methods=["POST"]),
    Route("/v1/services/{id}/deploys", listing, methods=["GET"]),
    Route("/v1/services/{id}/deploys/{deploy}", get, methods=["GET"]),
    Route("/v1/services/{id}/deploys/{deploy}/cancel", cancel, methods=["POST"]),
    Route("/v1/services/{id}/rollback", rollback, methods=["POST"]),
]
