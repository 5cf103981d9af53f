"""The last words of a service, for an error message."""

from __future__ import annotations

import re

from pulumi_plugin.values import Values
from render_provider.provider.probe import shortened
from render_provider.provider.task import Task

LINES = 25
INSTANCES = 20
END = 120  # characters of the end of a long line


def last_lines(task: Task, service: str, deploy: Values) -> list[str]:
    """What a deploy (the app, or its build) said last, oldest first.

    Not what the release before it says meanwhile: that one serves, and its requests would drown everything else.
    """
    about: Values = {"ownerId": task.owner_id, "resource": [service]}
    began = deploy["createdAt"]
    before = set(_instances(task, about | {"endTime": began}))
    logs: dict[str, Values] = {}
    for pause in (0.0, 1.0, 3.0):  # logs come a moment after the fact
        task.client.clock.sleep(pause)
        fresh = [name for name in _instances(task, about | {"startTime": began}) if name not in before]
        asked: list[Values] = [{"type": ["build"]}, *([{"instance": fresh[-INSTANCES:]}] if fresh else [])]
        for query in asked:
            window = {"startTime": began, "direction": "backward", "limit": 100}
            page = task.client.get("/logs", about | window | query) or {}
            logs |= {log["id"]: log for log in page.get("logs") or [] if type_of(log) != "request"}
        built = deploy["status"] == "build_failed"
        if any(built or type_of(log) != "build" for log in logs.values()):
            break
    lines = sorted(logs.values(), key=lambda log: str(log["timestamp"]))
    return [message_of(log) for log in lines[-LINES:]]


def brief(lines: list[str]) -> list[str]:
    """The lines without those that say the same again, and each short: an exception's own words stand at its end."""
    distinct = {re.sub(r"\d+", "0", line): line for line in lines}
    return [shortened(line, end=END) for line in distinct.values()]


def _instances(task: Task, query: Values) -> list[str]:
    return list(task.client.get("/logs/values", {"label": "instance", "limit": 100, **query}) or [])


def type_of(log: Values) -> str | None:
    """`app`, `build` or `request`."""
    return next((label["value"] for label in log.get("labels") or [] if label["name"] == "type"), None)


def message_of(log: Values) -> str:
    """What the line says."""
    return str(log["message"]).rstrip()
