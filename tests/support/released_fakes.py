"""A small environment as plain objects: Render's services and deploys, its address, Pulumi's state; no process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from console.output import Output
from infra.application import APPLICATION
from infra.load import from_file
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from ops.doors.pulumi import Pulumi
from ops.doors.web import Visit
from ops.releases.passage import Passage
from render_api.errors import NotFound, RefusedError
from tests.support.account_fakes import refused
from tests.support.parameter_fakes import WRITER, Parameters

REAL = Cloud({"RENDER_API_KEY": "rnd_x", "RENDER_OWNER_ID": "tea-1"}, is_local=False)
OLD, NEW = ("sha256:" + sign * 64 for sign in "ab")
IMAGE = "registry.example.org/cams-staging"
TYPES = {"srv-web": "WebService", "srv-worker": "BackgroundWorker", "crn-job": "CronJob"}
NAMES = {"srv-web": "cams-staging", "srv-worker": "cams-staging-worker", "crn-job": "cams-staging-clearsessions"}
STAGING = from_file("staging")
URL = "https://staging.example.org"


@dataclass
class Rendered:
    """Render's side: each service's deploys, newest last, its image and its variables."""

    deploys: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    variables: dict[str, dict[str, str]] = field(default_factory=dict)
    refuses: dict[str, str] = field(default_factory=dict)
    """Services that take no rollback, and why."""
    counts: dict[str, int] = field(default_factory=dict)  # how many instances a service says that it has
    instances: dict[str, list[str]] = field(default_factory=dict)
    failures: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """What Render tells of instances that have ended by themselves, by service."""
    maintained: set[str] = field(default_factory=set)  # those that Render itself answers for
    stumbles: int = 0  # so many questions after events fail
    asked: list[tuple[str, str]] = field(default_factory=list)
    number: int = 0

    def deploy(self, service: str, version: str, trigger: str = "api") -> str:
        """Have it run that: its deploy is live at once."""
        self.number += 1
        for one in self.deploys.setdefault(service, []):
            one["status"] = "deactivated" if one["status"] == "live" else one["status"]
        image = {"ref": f"{IMAGE}@{version}", "sha": version}
        stamp = f"2026-11-26T12:00:{self.number:02}Z"
        key = f"dep-{self.number}"
        deploy = {"id": key, "status": "live", "trigger": trigger, "image": image, "commit": None, "createdAt": stamp}
        self.deploys[service].append(deploy)
        return key

    def up(self, version: str, services: Sequence[str] = tuple(TYPES)) -> None:
        """What `pulumi up` does with these services."""
        for service in services:
            self.images[service] = f"{IMAGE}@{version}"
            self.variables[service] = {"APP_VERSION": version}
            self.deploy(service, version)

    def dies(self, service: str, instance: str, code: int = 1) -> None:
        """One of its instances ends by itself, now."""
        self.number += 1
        details = {"instanceID": instance, "reason": {"nonZeroExit": code}}
        stamp = f"2026-11-26T12:00:{self.number:02}Z"
        self.failures.setdefault(service, []).append({"timestamp": stamp, "details": details})

    def runs(self) -> dict[str, str]:
        """The version that each service runs."""
        return {
            service: next(one["image"]["sha"] for one in deploys if one["status"] == "live")
            for service, deploys in self.deploys.items()
        }

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        if path == "/logs":
            return {"logs": []}
        _, noun, key, *rest = path.split("/")
        if noun == "env-groups":
            if key not in self.variables:
                raise NotFound(f"GET {path}", "not found", status=404)
            listed = [{"key": name, "value": value} for name, value in self.variables[key].items()]
            return {"id": key, "envVars": listed}
        if key not in self.deploys:
            raise NotFound(f"GET {path}", "not found", status=404)
        if rest == ["instances"]:
            return [{"id": one} for one in self.instances.get(key, [])]
        if rest == ["events"]:
            self.stumbles -= 1
            if self.stumbles >= 0:
                raise RefusedError(f"GET {path}", "boom", status=500)
            since = (params or {})["startTime"]
            return [{"event": one} for one in self.failures.get(key, []) if one["timestamp"] >= since]
        if rest == ["deploys"]:
            wanted = (params or {}).get("status")
            found = [one for one in self.deploys[key][::-1] if not wanted or one["status"] in wanted]
            return [{"deploy": one, "cursor": ""} for one in found[: (params or {}).get("limit", 20)]]
        details = {"numInstances": self.counts.get(key), "maintenanceMode": {"enabled": key in self.maintained}}
        return {"id": key, "ownerId": "tea-1", "imagePath": self.images[key], "serviceDetails": details}

    def pages(self, path: str, params: Mapping[str, Any], *, envelope: str) -> Iterator[dict[str, Any]]:
        for name, value in self.variables[path.split("/")[2]].items():
            yield {"key": name, "value": value}

    def post(self, path: str, body: Any) -> Any:
        self.asked.append(("POST", path))
        _, _, service, act = path.split("/")
        if act == "scale":
            self.instances[service] = [f"new-{number}" for number in range(body["numInstances"])]
            return None
        if act == "rollback":
            if why := self.refuses.get(service):
                raise RefusedError(f"POST {path}", why, status=400)
            old = next(one for one in self.deploys[service] if one["id"] == body["deployId"])
            self.instances[service] = ["back-1"]
            return {"id": self.deploy(service, old["image"]["sha"], "rollback")}
        if self.refuses.get(service) == "everything":
            raise RefusedError(f"POST {path}", "no", status=400)
        return {"id": self.deploy(service, body["imageUrl"].partition("@")[2])}

    def patch(self, path: str, body: Any) -> Any:
        self.images[path.split("/")[2]] = body["image"]["imagePath"]

    def put(self, path: str, body: Any) -> Any:
        _, _, key, _, name = path.split("/")
        self.variables[key][name] = body["value"]

    def delete(self, path: str) -> None:
        _, _, key, _, name = path.split("/")
        self.variables[key].pop(name, None)


@dataclass(frozen=True)
class Stated(Pulumi):
    """Pulumi's side: its state holds the services, `up` does what it is told, and refreshes are noted."""

    acts: list[Callable[[], int]] = field(default_factory=list)
    refreshed: list[list[str]] = field(default_factory=list)
    empty: list[bool] = field(default_factory=list)

    def up(self, environment: str, options: Sequence[str], variables: Mapping[str, str]) -> int:
        return self.acts.pop(0)()

    def refresh(self, environment: str, urns: Sequence[str]) -> int:
        self.refreshed.append([*urns])
        return 0

    def resources(self, environment: str) -> list[dict[str, Any]]:
        stack = {"type": "pulumi:pulumi:Stack", "id": "", "outputs": {"url": URL, "image": f"{IMAGE}@{NEW}"}}
        if self.empty:
            self.empty.pop()
            return [stack]
        services = [
            {"type": f"render:index:{type_}", "id": key, "urn": f"urn:{key}", "inputs": {"name": NAMES[key]}}
            for key, type_ in TYPES.items()
        ]
        deploys = [
            {"type": "render:index:Deploy", "id": key, "urn": f"urn:{key}:deploy", "inputs": {}} for key in TYPES
        ]
        group = {"type": "render:index:EnvGroup", "id": "evg-1", "urn": "urn:evg-1", "inputs": {}}
        return [stack, *services, *deploys, group]


@dataclass
class Staging:
    """All of it, with what the address answers."""

    render: Rendered = field(default_factory=Rendered)
    pulumi: Stated = field(default_factory=lambda: Stated(REAL))
    ssm: Parameters = field(default_factory=Parameters)
    answers: Callable[[str, str, str], Visit] = lambda method, path, version: well(path, version)
    """By method, path and the version that serves."""
    images: set[str] = field(default_factory=set)
    time: float = 0.0
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.render.up(OLD)
        self.render.variables["evg-1"] = {"LOG_LEVEL": "INFO"}

    def context(self) -> Context:
        """For a command."""
        doors = Doors(
            choose=lambda **_: Cloud(REAL.variables | self.environment, is_local=False),
            aws=lambda *_: {"sts": self, "ssm": self.ssm, "ecr": self}.__getitem__,
            render=lambda *_, **__: self.render,
            pulumi=lambda cloud: self.pulumi,
            visit=self._visit,
        )
        return Context(doors, Output(stdout=StringIO(), stderr=StringIO()), lambda: self.time)

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": WRITER, "Account": "123456789012"}

    def describe_images(self, **asked: Any) -> dict[str, Any]:
        """As ECR does."""
        if asked["imageIds"][0]["imageDigest"] not in self.images:
            raise refused("ImageNotFoundException")
        return {}

    def told(self) -> list[dict[str, str]]:
        """The lines of the audit, oldest first."""
        return [json.loads(one["Value"]) for one in self.ssm.versions.get("/cams/staging/audit", [])]

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.time += seconds

    def _visit(self, method: str, url: str) -> Visit:
        path = url.removeprefix(URL)
        return self.answers(method, path, self.render.runs()["srv-web"])


RIGHT = {APPLICATION.release: 200, **APPLICATION.smoke, **APPLICATION.posts}


def well(path: str, version: str) -> Visit:
    """As a release that works answers."""
    return Visit(RIGHT.get(path.partition("?")[0], 200), 0.005, f'{{"version":"{version}"}}')


def passage(there: Staging) -> Passage:
    """What a change of it goes through."""
    context = there.context()
    return Passage(context, REAL, STAGING, context.doors.aws(REAL, ""), there.wait)


def released(there: Staging, version: str = NEW, services: tuple[str, ...] = tuple(TYPES), *, code: int = 0) -> int:
    """Go through with a `pulumi up` that moves these services."""

    def act() -> int:
        there.render.up(version, services)
        return code

    return passage(there).through(act)


def fails_on_posts(method: str, path: str, version: str) -> Visit:
    """The new release, as nobody sees who only looks."""
    if method == "POST" and version == NEW:
        return Visit(500, 0.01, "no posts today")
    return well(path, version)
