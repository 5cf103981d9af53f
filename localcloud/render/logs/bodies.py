"""Log lines as Render writes them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from localcloud.render.api.errors import ApiError
from localcloud.render.runtime.values import LogLine


def line_body(resource: str, line: LogLine) -> dict[str, Any]:
    """A line with what is known of it."""
    labels = {"resource": resource, "instance": line.instance, "type": line.type}
    return {
        "id": hashlib.sha256(f"{resource}{line.timestamp}{line.instance}{line.text}".encode()).hexdigest()[:20],
        "message": line.text,
        "timestamp": line.timestamp,
        "labels": [{"name": name, "value": value} for name, value in labels.items()],
    }


def read_time(text: str) -> datetime:
    """A moment of a query or of a line."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    try:
        moment = datetime.fromisoformat(f"{whole}.{fraction[:6].ljust(6, '0')}" if fraction else whole)
    except ValueError as error:
        raise ApiError(400, f"invalid time {text}: must be RFC 3339 in UTC") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def write_time(moment: datetime) -> str:
    """A moment as it is shown."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"
