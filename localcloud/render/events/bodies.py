"""Events as Render writes them, and the reasons in them."""

from __future__ import annotations

from typing import Any

from localcloud.render.events.model import Event
from localcloud.render.runtime.values import Crash


def event_body(event: Event) -> dict[str, Any]:
    """An event as it is listed."""
    return {
        "id": event.id,
        "timestamp": event.timestamp,
        "serviceId": event.service_id,
        "type": event.type,
        "details": event.details,
    }


def reason(crash: Crash) -> dict[str, Any]:
    """Why an instance has ended: too much memory, an exit code, or of its own accord."""
    if crash.memory_mb:
        return {"evicted": False, "oomKilled": {"memoryLimit": f"{crash.memory_mb}Mi"}}
    return {"evicted": False, **({"nonZeroExit": crash.exit_code} if crash.exit_code else {"earlyExit": True})}
