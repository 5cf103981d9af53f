"""Events of services. https://api-docs.render.com/reference/list-events"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.machine import clock
from localcloud.render.api.pages import PAGING, page, wanted
from localcloud.render.events.bodies import event_body
from localcloud.render.events.model import Event
from localcloud.render.local_render import record_of, render_of
from localcloud.render.logs.bodies import read_time
from localcloud.render.services.model import Service

BOUNDS = frozenset({"startTime", "endTime"})


async def listing(request: Request) -> Response:
    """GET /services/{id}/events: newest first."""
    service, query = record_of(request, Service), request.query_params
    match = wanted(request, Event, PAGING | BOUNDS, type=lambda event: event.type)
    start = read_time(query.get("startTime", "1970-01-01T00:00:00Z"))
    end = read_time(query["endTime"]) if "endTime" in query else clock.now()
    events = render_of(request).store.numbered(
        Event,
        lambda event: event.service_id == service.id and match(event) and start <= read_time(event.timestamp) <= end,
    )
    return page(request, events[::-1], "event", event_body)


async def get(request: Request) -> Response:
    """GET /events/{id}"""
    return JSONResponse(event_body(record_of(request, Event)))


routes = [
    Route("/v1/services/{id}/events", listing, methods=["GET"]),
    Route("/v1/events/{id}", get, methods=["GET"]),
]
