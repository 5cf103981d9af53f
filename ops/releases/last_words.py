"""What a service said last, by Render's logs."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from ops.doors.render import Render
from ops.releases.services import Service
from render_api.errors import RenderError

LINES = 20
LONGEST = 240  # characters of a line
END = 120  # of these at its end, where an exception's own words stand
ANSWERED_WELL = re.compile(r'HTTP/\d(\.\d)?\\?" [1-4]\d\d\b')
"""In a line that tells of a request: they would drown everything else."""


def last_words(render: Render, services: Sequence[Service], since: str) -> list[str]:
    """The last lines since then of what the application wrote, oldest first; nothing where Render cannot be asked."""
    lines: list[tuple[str, str]] = []
    with suppress(RenderError, KeyError):
        for service in services:
            owner = render.get(f"/services/{service.id}")["ownerId"]
            query = {"ownerId": owner, "resource": [service.id], "startTime": since, "direction": "backward"}
            page = render.get("/logs", {**query, "limit": 100}) or {}
            logs = page.get("logs") or []
            of_app = [log for log in logs if _type(log) == "app" and not ANSWERED_WELL.search(log["message"])]
            lines += [(str(log["timestamp"]), f"{service.name}: {_words(log['message'])}") for log in of_app]
    return [_shortened(line) for _, line in sorted(lines)[-LINES:]]


def _words(line: str) -> str:
    """Of a line that is written for programs, what it has for people."""
    with suppress(ValueError):
        told = json.loads(line)
        if isinstance(told, dict) and "message" in told:
            return " ".join(f"{told.get('level', '')} {told['message']}".split())
    return line.strip()


def _shortened(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - END]}…{line[-END:]}"


def _type(log: dict[str, Any]) -> str | None:
    return next((label["value"] for label in log.get("labels") or [] if label["name"] == "type"), None)
