"""Which lines a query about logs means."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request

from localcloud.machine import clock
from localcloud.render.api.errors import ApiError
from localcloud.render.api.pages import wanted
from localcloud.render.jobs.model import Job
from localcloud.render.local_render import LocalRender, render_of
from localcloud.render.logs.bodies import read_time
from localcloud.render.runtime.values import LogLine
from localcloud.render.services.model import Service

WINDOW = 10_000
DEFAULT_SPAN = timedelta(hours=1)
OTHERS = frozenset({"ownerId", "resource", "startTime", "endTime", "direction", "text", "limit"})


@dataclass(frozen=True)
class Search:
    """What of some services or one-off jobs in a span of time one wants to see."""

    resources: tuple[str, ...]
    start: datetime
    end: datetime
    texts: tuple[str, ...]
    labels: Callable[[LogLine], bool]

    def means(self, line: LogLine) -> bool:
        """Whether it is one of those lines."""
        says = all(part.strip("*").lower() in line.text.lower() for part in self.texts)
        return says and self.labels(line) and self.start <= read_time(line.timestamp) <= self.end


def search_of(request: Request, also: frozenset[str] = frozenset()) -> Search:
    """What the query of a request asks for; 400 where it cannot be told."""
    render, query = render_of(request), request.query_params
    labels = wanted(request, LogLine, OTHERS | also, type=lambda line: line.type, instance=lambda line: line.instance)
    if query.get("ownerId") != render.owner.id:
        raise ApiError(400, "ownerId: is required and must be the workspace's id")
    resources = tuple(key for text in query.getlist("resource") for key in text.split(",") if key)
    if not resources:
        raise ApiError(400, "resource: is required")
    end = read_time(query["endTime"]) if query.get("endTime") else clock.now()
    start = read_time(query["startTime"]) if query.get("startTime") else end - DEFAULT_SPAN
    return Search(resources, start, end, tuple(query.getlist("text")), labels)


async def matching(render: LocalRender, search: Search) -> list[tuple[str, LogLine]]:
    """The lines that a search means, each with the id of its service or one-off job, oldest first."""
    matches: list[tuple[str, LogLine]] = []
    for resource in search.resources:
        job = render.store.get(Job, resource)
        service = render.store.find(Service, job.service_id if job else resource)
        lines = await asyncio.to_thread(render.runtime.logs.read, service.id, limit=WINDOW)
        own = [line for line in lines if job is None or line.instance == job.id]
        matches += [(resource, line) for line in own if search.means(line)]
    return sorted(matches, key=lambda match: match[1].timestamp)
