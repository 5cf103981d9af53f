"""The services of an environment, and which release each of them runs by Render's word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ops.doors.render import Render
from render_api.errors import NotFound

WEB, WORKER, JOB, GROUP = (
    f"render:index:{kind}" for kind in ("WebService", "BackgroundWorker", "CronJob", "EnvGroup")
)
DEPLOY = "render:index:Deploy"
OPS = (":BackupJobs$", ":Companion$")  # in the urns of what runs the ops image, which no release moves
RUNNING = frozenset({"created", "queued", "build_in_progress", "pre_deploy_in_progress", "update_in_progress"})


class Service(BaseModel):
    """One that runs a release, as Pulumi's state knows it."""

    model_config = ConfigDict(frozen=True)

    id: str
    type: str
    name: str
    urns: tuple[str, ...]
    """Its own, and that of its deploy."""


class Live(BaseModel):
    """The deploy that a service runs."""

    model_config = ConfigDict(frozen=True)

    deploy: str
    version: str
    """The image's digest, or the commit."""
    rolled_back: bool = False
    """Whether it is live because somebody went back to it."""
    began: str = Field(default="", exclude=True)
    """When it was asked for, in Render's words."""


@dataclass(frozen=True)
class Environment:
    """What of an environment a release moves."""

    services: tuple[Service, ...]
    groups: dict[str, str]
    """Urns of the env groups by their ids."""

    @property
    def web(self) -> Service | None:
        return next((service for service in self.services if service.type == WEB), None)


def environment(resources: Iterable[dict[str, Any]]) -> Environment:
    """Of what Pulumi's state has, all that Render has made already."""
    there = [one for one in resources if one.get("id") and not one.get("delete")]
    deploys = {one["id"]: one["urn"] for one in there if one["type"] == DEPLOY}
    services = [
        Service(
            id=one["id"],
            type=one["type"],
            name=one["inputs"]["name"],
            urns=(one["urn"], *([deploys[one["id"]]] if one["id"] in deploys else [])),
        )
        for one in there
        if one["type"] in (WEB, WORKER, JOB) and not any(kind in one["urn"] for kind in OPS)
    ]
    groups = {one["id"]: one["urn"] for one in there if one["type"] == GROUP}
    return Environment(tuple(services), groups)


def live(render: Render, service: Service) -> Live | None:
    """What it runs; None where nothing of it was live yet, or it is gone."""
    try:
        page = render.get(f"/services/{service.id}/deploys", {"status": ["live"], "limit": 1})
    except NotFound:
        return None
    return next((_live(item.get("deploy", item)) for item in page or []), None)


def all_live(render: Render, services: Sequence[Service]) -> dict[str, Live]:
    """What each of them runs, by its id."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        found = pool.map(lambda service: live(render, service), services)
        return {service.id: one for service, one in zip(services, found, strict=True) if one}


def newest(render: Render, service: Service) -> dict[str, Any]:
    """Its newest deploy, whatever became of it."""
    page = render.get(f"/services/{service.id}/deploys", {"limit": 1}) or [{}]
    deploy: dict[str, Any] = page[0].get("deploy", page[0])
    return deploy


def _live(deploy: dict[str, Any]) -> Live:
    image = deploy.get("image") or {}
    digest = str(image.get("sha") or "") or str(image.get("ref") or "").partition("@")[2]
    version = digest or str((deploy.get("commit") or {}).get("id") or "")
    back = deploy.get("trigger") == "rollback"
    return Live(deploy=deploy["id"], version=version, rolled_back=back, began=str(deploy.get("createdAt") or ""))
