"""A small Render as functions behind the client's session; long because it is read as a whole."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

Record = dict[str, Any]
Answer = tuple[int, Any]
LISTS = {
    "services": "service",
    "postgres": "postgres",
    "key-value": "keyValue",
    "environments": "environment",
    "projects": "project",
    "env-groups": "",
    "registrycredentials": "",
}
FLAGS = {"enableHighAvailability": "highAvailabilityEnabled", "enableDiskAutoscaling": "diskAutoscalingEnabled"}
PREFIX = {
    "services": "srv-",
    "postgres": "dpg-",
    "key-value": "red-",
    "environments": "evm-",
    "env-groups": "evg-",
    "registrycredentials": "rgc-",
}


@dataclass
class Clock:
    """Time passes only by waiting."""

    time: float = 0
    jumps: list[Callable[[], None]] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def today(self) -> float:
        return 1_800_000_000 + self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        if self.jumps:
            self.jumps.pop(0)()

    def jitter(self) -> float:
        return 0.0


@dataclass
class FakeRender:
    """What Render holds, what it was asked, and which of its answers get lost."""

    things: dict[str, dict[str, Record]] = field(default_factory=lambda: {kind: {} for kind in LISTS})
    env_vars: dict[str, dict[str, str]] = field(default_factory=dict)
    deploys: dict[str, list[Record]] = field(default_factory=dict)
    domains: dict[str, list[Record]] = field(default_factory=dict)
    rules: dict[str, list[Record]] = field(default_factory=dict)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    refuse: dict[str, Answer] = field(default_factory=dict)
    stumble: dict[str, int] = field(default_factory=dict)  # answered 500 so many times
    lose: list[str] = field(default_factory=list)  # carried out, the answer lost
    miss: list[str] = field(default_factory=list)  # lost on the way here
    outcome: str = "live"
    rolled: str = "live"  # the outcome of rollbacks
    logs: list[Record] = field(default_factory=list)
    events: list[Record] = field(default_factory=list)
    instances: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=lambda: ["back-1"])  # the instances after a rollback
    jobs: list[str] = field(default_factory=list)  # the statuses that one shows, one a look
    made: int = 0

    # the session

    def request(self, method: str, url: str, *, json: Any = None, params: Any = None, **_: Any) -> requests.Response:
        path = url.removeprefix("https://render.test/v1")
        what = f"{method} {path}"
        self.asked.append((method, path, json))
        if what in self.miss:
            self.miss.remove(what)
            raise requests.ReadTimeout("read timed out")
        if self.stumble.get(what):
            self.stumble[what] -= 1
            return _response(500, {"message": "boom"})
        if what in self.refuse:
            return _response(*self.refuse[what])
        answer = self.answer(method, path.strip("/").split("/"), json, dict(params or {}))
        if what in self.lose:
            self.lose.remove(what)
            raise requests.ConnectionError("Remote end closed connection without response")
        return _response(*answer)

    def log(self, time: str, message: str, kind: str, instance: str) -> None:
        """A line of a service's log."""
        labels = [{"name": "type", "value": kind}, {"name": "instance", "value": instance}]
        self.logs.append({"id": str(len(self.logs)), "timestamp": time, "message": message, "labels": labels})

    def writes(self) -> list[tuple[str, str, Any]]:
        """Everything asked that was to change something."""
        return [asked for asked in self.asked if asked[0] != "GET"]

    # the API

    def answer(self, method: str, parts: list[str], body: Any, params: Record) -> Answer:
        kind = parts[0]
        if kind == "logs":
            found = [log for log in self.logs if _asked(log, params)]
            if parts[1:] == ["values"]:
                return 200, sorted({_label(log, params["label"]) for log in found} - {""})
            return 200, {"logs": found[::-1][: params["limit"]], "hasMore": False}
        if parts[2:] == ["events"]:
            found = [event for event in self.events if event["timestamp"] >= params["startTime"]]
            return 200, [{"cursor": "c", "event": event} for event in found if event["type"] == params["type"]]
        if len(parts) == 1:
            return self.listed(kind, params) if method == "GET" else self.create(kind, body)
        thing = self.things.get(kind, {}).get(parts[1])
        if thing is None:
            return 404, {"message": f"not found: {parts[1]}"}
        if len(parts) == 2:
            return self.one(method, kind, thing, body)
        return self.below(method, kind, thing, parts[2:], body)

    def listed(self, kind: str, params: Record) -> Answer:
        found = [one for one in self.things[kind].values() if "name" not in params or one["name"] == params["name"]]
        envelope = LISTS[kind]
        return 200, [{"cursor": one["id"], envelope: one} if envelope else one for one in found]

    def create(self, kind: str, body: Record) -> Answer:
        self.made += 1
        key = f"{PREFIX[kind]}{self.made:020d}" + ("-a" if kind == "postgres" else "")
        if kind == "services":
            return self.create_service(key, body)
        thing = {"id": key, "owner": {"id": body.get("ownerId")}, **{k: v for k, v in body.items() if k != "ownerId"}}
        if kind == "postgres":
            thing |= {"status": "available", "role": "primary", "databaseUser": body.get("databaseUser", "u")}
            thing["databaseName"] = body.get("databaseName", "db") + "_x1y2"
            thing["region"] = body.get("region", "oregon")
            thing |= {told: thing.pop(asked, False) for asked, told in FLAGS.items()}
            thing.setdefault("diskSizeGB", 15)
        if kind == "key-value":
            thing |= {"status": "available", "region": body.get("region", "oregon")}
            thing["options"] = {"maxmemoryPolicy": thing.pop("maxmemoryPolicy", "allkeys_lru")}
        if kind == "registrycredentials":
            thing.pop("authToken")
        if kind == "env-groups":
            thing |= {"serviceLinks": []}
        if "ipAllowList" in thing and not thing["ipAllowList"]:
            thing["ipAllowList"] = None
        self.things[kind][key] = thing
        return 201, thing

    def create_service(self, key: str, body: Record) -> Answer:
        body = json.loads(json.dumps(body))
        key = key.replace("srv-", "crn-") if body["type"] == "cron_job" else key
        self.env_vars[key] = {item["key"]: item["value"] for item in body.pop("envVars", [])}
        details = body.pop("serviceDetails", {})
        for name in ("headers", "routes"):
            self.rules[f"{key}/{name}"] = details.pop(name, [])
        thing = {"id": key, "slug": body["name"], "suspended": "not_suspended", "dashboardUrl": f"https://d/{key}"}
        thing["serviceDetails"] = {"region": "oregon", "plan": "starter", "numInstances": 1}
        thing["serviceDetails"] |= {"maxShutdownDelaySeconds": 30, "url": f"https://{body['name']}.onrender.com"}
        self.things["services"][key] = thing
        self.set_service(thing, {**body, "serviceDetails": details})
        self.deploys[key] = [self.deploy("build_in_progress", trigger="new_commit")]
        return 201, {"service": thing, "deployId": self.deploys[key][0]["id"]}

    def set_service(self, thing: Record, body: Record) -> None:
        details = body.pop("serviceDetails", {})
        image = body.pop("image", None)
        thing |= body
        if image:
            thing["imagePath"] = (
                image["imagePath"] if "/" in image["imagePath"] else f"docker.io/library/{image['imagePath']}:latest"
            )
            thing.pop("registryCredential", None)
            if image.get("registryCredentialId"):
                thing["registryCredential"] = {"id": image["registryCredentialId"], "name": "c"}
        specific = thing["serviceDetails"].setdefault("envSpecificDetails", {})
        specific |= details.pop("envSpecificDetails", {})
        if "preDeployCommand" in details:  # written here, read there
            specific["preDeployCommand"] = details.pop("preDeployCommand")
        thing["serviceDetails"] |= details

    def one(self, method: str, kind: str, thing: Record, body: Any) -> Answer:
        if method == "DELETE":
            del self.things[kind][thing["id"]]
            return 204, None
        if method == "PATCH":
            if kind == "services":
                self.set_service(thing, json.loads(json.dumps(body)))
            else:
                thing |= {FLAGS.get(key, key): value for key, value in body.items() if key != "authToken"}
        return 200, thing

    def below(self, method: str, kind: str, thing: Record, parts: list[str], body: Any) -> Answer:
        key, what = thing["id"], parts[0]
        if what == "connection-info":
            inner = f"postgresql://u:pw@{key}/db" if kind == "postgres" else f"redis://{key}:6379"
            return 200, {
                "password": "pw",
                "internalConnectionString": inner,
                "externalConnectionString": f"ext-{inner}",
            }
        if kind == "environments":
            return self.move(key, body["resourceIds"])
        if kind == "env-groups":
            return self.group(method, thing, parts, body)
        if what == "secret-files":
            return 200, []
        if what == "env-vars":
            return self.variables(method, key, parts, body)
        if what == "deploys":
            return self.deploy_calls(method, thing, parts, body)
        if what == "custom-domains":
            return self.domain_calls(method, key, parts, body)
        if what in ("routes", "headers"):
            return self.rule_calls(method, f"{key}/{what}", what, body)
        if what == "scale":
            thing["serviceDetails"]["numInstances"] = body["numInstances"]
            return 202, None
        if what == "autoscaling":
            thing["serviceDetails"].pop("autoscaling", None)
            if method == "PUT":
                thing["serviceDetails"]["autoscaling"] = body
            return 200, body
        return self.run_calls(method, key, what, body)

    def run_calls(self, method: str, key: str, what: str, body: Any) -> Answer:
        if what == "rollback":
            [old] = [one for one in self.deploys[key] if one["id"] == body["deployId"]]
            told = {name: old[name] for name in ("image", "commit")}
            self.instances = [*self.back]
            self.deploys[key].insert(0, self.deploy("update_in_progress", trigger="rollback", **told))
            return 201, self.deploys[key][0]
        if what == "instances":
            return 200, [{"id": one, "createdAt": "2026-01-01T00:00:00Z"} for one in self.instances]
        if what == "jobs":
            status = self.jobs.pop(0) if len(self.jobs) > 1 else self.jobs[0]
            return 201 if method == "POST" else 200, {"id": "job-1", "status": status, "createdAt": "2026-01-02"}
        return 404, {"message": f"not found: {what}"}

    def move(self, environment: str, ids: list[str]) -> Answer:
        for things in self.things.values():
            for key in ids:
                if key in things:
                    things[key]["environmentId"] = environment
        return 201, self.things["environments"][environment]

    def group(self, method: str, thing: Record, parts: list[str], body: Any) -> Answer:
        if parts[0] == "services":
            links = [link for link in thing["serviceLinks"] if link["id"] != parts[1]]
            thing["serviceLinks"] = links + ([{"id": parts[1]}] if method == "POST" else [])
        else:
            left = [item for item in thing["envVars"] if item["key"] != parts[1]]
            thing["envVars"] = left + ([{"key": parts[1], **body}] if method == "PUT" else [])
        return 200, thing

    def variables(self, method: str, key: str, parts: list[str], body: Any) -> Answer:
        mine = self.env_vars[key]
        if method == "PUT":
            mine[parts[1]] = body["value"]
        if method == "DELETE":
            mine.pop(parts[1], None)
        return 200, [
            {"cursor": name, "envVar": {"key": name, "value": value}} for name, value in sorted(mine.items())
        ]

    def rule_calls(self, method: str, key: str, what: str, body: Any) -> Answer:
        if method == "PUT":
            self.rules[key] = body
            return 200, body or None
        rules = [{**rule, "priority": number} for number, rule in enumerate(self.rules[key])]
        return 200, [{"cursor": str(number), what[:-1]: rule} for number, rule in enumerate(reversed(rules))]

    def domain_calls(self, method: str, key: str, parts: list[str], body: Any) -> Answer:
        mine = self.domains.setdefault(key, [])
        if method == "POST":
            name = body["name"]
            new = [
                {"id": f"cdm-{len(mine)}", "name": name, "redirectForName": "", "verificationStatus": "unverified"}
            ]
            companion = name[4:] if name.startswith("www.") else f"www.{name}" if name.count(".") == 1 else ""
            if companion and companion not in [one["name"] for one in mine]:
                new.append({"id": f"cdm-{len(mine) + 1}", "name": companion, "redirectForName": name})
            mine += new
            return 201, new
        if len(parts) == 1:
            return 200, [{"cursor": one["id"], "customDomain": one} for one in mine]
        found = [one for one in mine if parts[1] in (one["id"], one["name"])]
        if not found:
            return 404, {"message": f"not found: {parts[1]}"}
        if method == "DELETE":
            mine.remove(found[0])
        return 200, found[0]

    def deploy(self, status: str, **more: Any) -> Record:
        self.made += 1
        made = {"id": f"dep-{self.made}", "status": status, "trigger": "api", "createdAt": "2026-01-01T00:00:00Z"}
        return {**made, "commit": None, "image": None, **more}

    def deploy_calls(self, method: str, thing: Record, parts: list[str], body: Any) -> Answer:
        mine = self.deploys[thing["id"]]
        if method == "POST" and len(parts) == 1:
            if thing["suspended"] == "suspended":
                return 400, {"message": "cannot deploy suspended service"}
            if any(one["status"] == "build_in_progress" for one in mine):
                mine.insert(0, self.deploy("queued"))
                return 202, None
            image = {"ref": body.get("imageUrl") or thing.get("imagePath"), "sha": "sha256:abc"}
            commit = None if "imageUrl" in body else {"id": "c0ffee"}
            mine.insert(0, self.deploy("update_in_progress", image=image, commit=commit))
            return 201, mine[0]
        if len(parts) == 1:
            return 200, [{"cursor": one["id"], "deploy": one} for one in mine]
        [found] = [one for one in mine if one["id"] == parts[1]]
        if len(parts) == 3:
            found["status"] = "canceled"
        elif found["status"] == "update_in_progress":
            # done at the first look
            found["status"] = self.rolled if found["trigger"] == "rollback" else self.outcome
        return 200, found


def _response(status: int, body: Any) -> requests.Response:
    response = requests.Response()
    response.status_code, response.reason = status, "Reason"
    response._content = b"" if body is None else json.dumps(body).encode()
    return response


def paths(asked: list[tuple[str, str, Any]]) -> list[str]:
    """`METHOD /path` of what was asked, ids as they are."""
    return [f"{method} {re.sub(r'[?].*', '', path)}" for method, path, _ in asked]


def _asked(log: Record, params: Record) -> bool:
    """Whether the query is for that line."""
    during = params.get("startTime", "") <= log["timestamp"] <= params.get("endTime", "9")
    instance = _label(log, "instance")
    of_it = not instance.startswith("job-") or params["resource"] == [instance]
    return during and of_it and all(_label(log, one) in params[one] for one in ("instance", "type") if one in params)


def _label(log: Record, name: str) -> str:
    return next((label["value"] for label in log["labels"] if label["name"] == name), "")
