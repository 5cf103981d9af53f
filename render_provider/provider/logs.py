"""The last words of a service, for an error message."""

from __future__ import annotations

from render_provider.provider.resource import Values
from render_provider.provider.task import Task

LINES = 25


def last_lines(task: Task, service: str, deploy: Values) -> list[str]:
    """What the app (or its build) said last during a deploy, oldest first."""
    query = {
        "ownerId": task.owner_id,
        "resource": [service],
        "startTime": deploy["createdAt"],
        "direction": "backward",
        "limit": 100,
    }
    for pause in (0.0, 1.0, 3.0):  # logs come a moment after the fact
        task.client.clock.sleep(pause)
        found = (task.client.get("/logs", query) or {}).get("logs") or []
        said = [log for log in found if _type(log) != "request"]
        if said:
            said.sort(key=lambda log: log["timestamp"])
            return [str(log["message"]).rstrip() for log in said[-LINES:]]
    return []


def _type(log: Values) -> str | None:
    return next((label["value"] for label in log.get("labels") or [] if label["name"] == "type"), None)
