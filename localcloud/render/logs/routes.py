"""Logs of services. https://api-docs.render.com/reference/list-logs

`direction=backward` (the default) gives the newest lines first, `forward` the oldest first.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.old import Record
from localcloud.render.api.pages import number, wanted
from localcloud.render.local_render import render_of
from localcloud.render.runtime.values import LogLine
from localcloud.render.services.model import Service

WINDOW = 10_000
DEFAULT_SPAN = timedelta(hours=1)
OTHERS = frozenset({"ownerId", "resource", "startTime", "endTime", "direction", "text", "limit"})


LABELS = ("instance", "type")


async def listing(request: Request) -> Response:
    """GET /logs"""
    query = request.query_params
    found, start, end = await _matching(request, OTHERS)
    backward = query.get("direction", "backward") == "backward"
    limit = number(request, "limit", 20, 1, 100)
    found.sort(key=lambda item: item[1].timestamp, reverse=backward)
    shown = found[:limit]
    edge = shown[-1][1].timestamp if shown else _text(start if backward else end)
    return JSONResponse(
        {
            "hasMore": len(found) > limit,
            "nextStartTime": _text(start) if backward else edge,
            "nextEndTime": edge if backward else _text(end),
            "logs": [_show(key, line) for key, line in shown],
        }
    )


async def values(request: Request) -> Response:
    """GET /logs/values: what a label is in the lines that match, in the order of their first line."""
    label = request.query_params.get("label")
    if label not in LABELS:
        raise ApiError(400, f"label: must be one of {', '.join(LABELS)} in the local cloud")
    limit = number(request, "limit", 20, 1, 100)
    found, _, _ = await _matching(request, OTHERS | {"label"})
    found.sort(key=lambda item: item[1].timestamp)
    return JSONResponse(list(dict.fromkeys(str(vars(line)[label]) for _, line in found))[-limit:])


async def _matching(request: Request, also: frozenset[str]) -> tuple[list[tuple[str, LogLine]], datetime, datetime]:
    """The lines that a query asks for, and the time that it spans."""
    render, query = render_of(request), request.query_params
    match = wanted(request, dict, also, type=lambda line: line["type"], instance=lambda line: line["instance"])
    if query.get("ownerId") != render.owner.id:
        raise ApiError(400, "ownerId: is required and must be the workspace's id")
    resources = [key for text in query.getlist("resource") for key in text.split(",") if key]
    if not resources:
        raise ApiError(400, "resource: is required")
    end = _time(query.get("endTime"), datetime.now(UTC))
    start = _time(query.get("startTime"), end - DEFAULT_SPAN)
    found: list[tuple[str, LogLine]] = []
    for key in resources:
        service = render.store.find(Service, key)
        lines = await asyncio.to_thread(render.runtime.logs.read, service.id, limit=WINDOW)
        found += [(key, line) for line in lines if start <= _time(line.timestamp, end) <= end]
    matching = [item for item in found if match(vars(item[1])) and _says(item[1].text, query.getlist("text"))]
    return matching, start, end


def _says(text: str, wanted_texts: list[str]) -> bool:
    return all(part.strip("*").lower() in text.lower() for part in wanted_texts)


def _show(key: str, line: LogLine) -> Record:
    labels = {"resource": key, "instance": line.instance, "type": line.type}
    return {
        "id": hashlib.sha256(f"{key}{line.timestamp}{line.instance}{line.text}".encode()).hexdigest()[:20],
        "message": line.text,
        "timestamp": line.timestamp,
        "labels": [{"name": name, "value": value} for name, value in labels.items()],
    }


def _time(text: str | None, default: datetime) -> datetime:
    if not text:
        return default
    whole, _, fraction = text.removesuffix("Z").partition(".")
    try:
        moment = datetime.fromisoformat(f"{whole}.{fraction[:6].ljust(6, '0')}" if fraction else whole)
    except ValueError as error:
        raise ApiError(400, f"invalid time {text}: must be RFC 3339 in UTC") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


routes = [
    Route("/v1/logs", listing, methods=["GET"]),
    Route("/v1/logs/values", values, methods=["GET"]),
]
