"""A maintenance as it is told to people and programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ops.maintenance.record import Record
from ops.maintenance.state import State


def shown(state: State, record: Record | None) -> dict[str, Any]:
    """For people and programs."""
    told: dict[str, Any] = {
        "maintenance": word(state, record),
        "url": state.url,
        "page": state.page or "Render's own",
    }
    if record:
        told |= {"by": record.by, "since": _time(record.at)}
        if record.until:
            told["until"] = _time(record.until)
        if record.why:
            told["why"] = record.why
    for one in state.resting:
        mine = record is not None and one.id in record.paused
        told[one.name] = ("paused" if mine else "suspended by somebody") if one.suspended else "running"
    return told


def word(state: State, record: Record | None) -> str:
    """`on`, `off`, or `half` where something was begun and not ended."""
    if state.on and record:
        return "on"
    return "off" if not state.shown and record is None else "half"


def _time(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
