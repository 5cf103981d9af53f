"""What has happened to a service, as Render tells it. https://api-docs.render.com/reference/list-events"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from localcloud.render.api import ids
from localcloud.render.api.store import Record, Store

KEPT = 200  # of each service, the newest

EventType = Literal[
    "deploy_started",
    "deploy_ended",
    "server_failed",
    "server_available",
    "server_restarted",
    "instance_count_changed",
    "service_suspended",
    "service_resumed",
    "job_run_ended",
]


class Event(Record):
    """One thing, and when it happened."""

    kind: ClassVar = "event"

    service_id: str
    type: EventType
    timestamp: str
    details: dict[str, Any]


def record(store: Store, service_id: str, happened: EventType, **details: Any) -> Event:
    """Keep that it has happened now; the oldest of too many is forgotten."""
    event = Event(
        id=ids.new("evt"),
        service_id=service_id,
        type=happened,
        timestamp=ids.micros(ids.now()),
        details=details,
    )
    for old in events_of(store, service_id)[: -KEPT + 1]:
        store.remove(old)
    return store.put(event)


def events_of(store: Store, service_id: str) -> list[Event]:
    """Those of a service, oldest first."""
    return store.all(Event, lambda event: event.service_id == service_id)
