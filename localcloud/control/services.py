"""What runs on the local Render and what it says, for people: read through Render's API."""

from __future__ import annotations

import http.client
import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from console.errors import ExplainedError
from localcloud.control.crashes import crashes
from localcloud.machine import clock, identity, process
from localcloud.machine.ports import HOST, port

EVER = "1970-01-01T00:00:00Z"
LIST_AT_ONCE = 100  # the most that Render gives in one answer
LOOK_SECONDS = 1.0
KINDS = {
    "web_service": "web service",
    "background_worker": "worker",
    "cron_job": "cron job",
    "static_site": "static site",
    "private_service": "private service",
}
SERVING = frozenset({"web_service", "background_worker", "private_service"})
Get = Callable[[str, dict[str, Any]], Any]


@dataclass(frozen=True)
class Service:
    """One thing that runs: a service, a database or a key-value store."""

    name: str
    kind: str
    state: str
    url: str = ""


def get(path: str, query: dict[str, Any]) -> Any:
    """One call to the local Render."""
    address = f"http://{HOST}:{port('render')}/v1{path}?{urlencode(query)}"
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {identity.load().render_api_key}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
            return json.load(answer)
    except (OSError, http.client.HTTPException) as error:
        why = str(getattr(error, "reason", error)) or type(error).__name__
        hint = "./slipway local logs render" if process.find("render") else "./slipway local start"
        raise ExplainedError("cannot ask the local Render", why, hint=hint) from error


def services(ask: Get = get) -> list[Service]:
    """Everything there is, by name."""
    everything = [_service(one, ask) for one in _all("/services", "service", ask)]
    for path, envelope, kind in (("/postgres", "postgres", "PostgreSQL"), ("/key-value", "keyValue", "key value")):
        everything += [Service(one["name"], kind, one["status"]) for one in _all(path, envelope, ask)]
    return sorted(everything, key=lambda one: one.name)


def lines(
    name: str, *, newest: int, follow: bool, ask: Get = get, pause: Callable[[float], None] = time.sleep
) -> Iterator[str]:
    """The newest lines of a service's log, oldest first; with `follow`, also those to come."""
    service = next((one for one in _all("/services", "service", ask) if one["name"] == name), None)
    if service is None:
        known = ", ".join(sorted(one["name"] for one in _all("/services", "service", ask)))
        raise ExplainedError(
            f"no log named {name}",
            f"there are aws, github, render and the services {known or '(none yet)'}",
            hint="./slipway local status",
        )
    query = {"ownerId": identity.load().render_owner_id, "resource": service["id"], "limit": LIST_AT_ONCE}
    told = _newest(query, newest, ask)
    yield from map(_text, told)
    since, seen = told[-1]["timestamp"] if told else EVER, {line["id"] for line in told}
    while follow:
        pause(LOOK_SECONDS)
        page = ask("/logs", {**query, "direction": "forward", "startTime": since})
        for line in page["logs"]:
            if line["id"] not in seen:
                yield _text(line)
                seen.add(line["id"])
                since = line["timestamp"]


def _newest(query: dict[str, Any], wanted: int, ask: Get) -> list[dict[str, Any]]:
    collected: list[dict[str, Any]] = []
    end: dict[str, str] = {}
    while len(collected) < wanted:
        page = ask("/logs", {**query, **end, "startTime": EVER, "limit": min(wanted - len(collected), LIST_AT_ONCE)})
        known = {line["id"] for line in collected}
        fresh = [line for line in page["logs"] if line["id"] not in known]
        collected += fresh
        if not page["hasMore"] or not fresh:
            break
        end = {"endTime": page["nextEndTime"]}
    return collected[::-1]


def _text(line: dict[str, Any]) -> str:
    moment = line["timestamp"][:19].replace("T", " ")
    return f"{moment}  {line['message']}"


def _service(body: dict[str, Any], ask: Get) -> Service:
    deploys = [one["deploy"]["status"] for one in ask(f"/services/{body['id']}/deploys", {"limit": 20})]
    state = deploys[0].replace("_", " ") if deploys else "not deployed"
    if state != "live" and "live" in deploys:
        state = f"live, newest: {state}"
    if body["type"] in SERVING and (told := crashes(_events(body["id"], ask), clock.now())):
        state = f"{state}, {told}" if state != "live" else told
    if body["suspended"] == "suspended":
        state = "suspended"
    details = body.get("serviceDetails") or {}
    if (details.get("maintenanceMode") or {}).get("enabled"):
        state += ", in maintenance"
    return Service(body["name"], KINDS.get(body["type"], body["type"]), state, details.get("url") or "")


def _events(service_id: str, ask: Get) -> list[dict[str, Any]]:
    page = ask(f"/services/{service_id}/events", {"limit": LIST_AT_ONCE})
    return [item["event"] for item in page]


def _all(path: str, envelope: str, ask: Get) -> Iterator[dict[str, Any]]:
    cursor: dict[str, str] = {}
    while True:
        page = ask(path, {"limit": LIST_AT_ONCE, **cursor})
        yield from (item[envelope] for item in page)
        if len(page) < LIST_AT_ONCE:
            return
        cursor = {"cursor": page[-1]["cursor"]}
