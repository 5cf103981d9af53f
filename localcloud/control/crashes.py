"""Whether a service's instances end again and again, told as one: from the events that Render has of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

LATELY = timedelta(minutes=1)  # longer than the longest pause before a restart: nothing since, and it is over


def crashes(events: Iterable[dict[str, Any]], now: datetime) -> str:
    """What to say of the instances of the live release; nothing where they have not ended lately. Newest first."""
    failed: list[dict[str, Any]] = []
    is_back = False
    for event in events:
        if event["type"] == "deploy_ended" and event["details"]["deployStatus"] == "succeeded":
            break
        is_back = is_back or (event["type"] == "server_available" and not failed)
        failed += [event] if event["type"] == "server_failed" else []
    if not failed or (is_back and now - datetime.fromisoformat(failed[0]["timestamp"]) > LATELY):
        return ""
    restarts = f"{len(failed)} restart{'s' if len(failed) > 1 else ''}"
    return f"{'crash loop' if len(failed) > 1 else 'crashed'}: {_reason(failed[0]['details'])}, {restarts}"


def _reason(details: dict[str, Any]) -> str:
    reason = details["reason"]
    if "oomKilled" in reason:
        return f"out of memory (limit {reason['oomKilled']['memoryLimit']})"
    return f"exit code {reason.get('nonZeroExit', 0)}"
