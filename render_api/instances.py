"""Which instances of a service run, and why others have ended by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from render_api.errors import RefusedError


class Asked(Protocol):
    """What answers for Render: its client, or whoever stands for it."""

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """What is there, or `NotFound`."""


class Changed(Asked, Protocol):
    """The same, for those who change something."""

    def post(self, path: str, body: Any) -> Any:
        """Make something."""


def running(render: Asked, service: str) -> set[str]:
    """The ids of those that run; none where Render does not tell, as of cron jobs.

    https://api-docs.render.com/reference/list-instances
    """
    if not service.startswith("srv-"):
        return set()
    try:
        return {str(one["id"]) for one in render.get(f"/services/{service}/instances") or []}
    except RefusedError as error:
        if error.status >= 500:  # it tells, but not now
            raise
        return set()


def keep_count(render: Changed, service: str, *, but: Collection[str]) -> None:
    """Have a service run as many as it says, after a rollback: that brings back as many as the old deploy had.

    `but`: those of before the rollback, which are about to end. https://render.com/docs/rollbacks
    """
    if not service.startswith("srv-"):
        return
    details = render.get(f"/services/{service}").get("serviceDetails") or {}
    wanted = details.get("numInstances")
    if wanted and not details.get("autoscaling") and len(running(render, service) - set(but)) != wanted:
        render.post(f"/services/{service}/scale", {"numInstances": wanted})


def ended(render: Asked, service: str, since: str, *, but: Collection[str]) -> list[str]:
    """Why each that has ended by itself since then has, in words; `but`: those that may end as they like.

    https://api-docs.render.com/reference/list-events
    """
    query = {"type": "server_failed", "startTime": since, "limit": 100}
    page = render.get(f"/services/{service}/events", query) or []
    details = [item.get("event", item).get("details") or {} for item in page]
    return [reason for one in details if one.get("instanceID") not in but and (reason := reason_of(one))]


def told(reasons: Sequence[str]) -> str:
    """What a service's do, for people."""
    counts = Counter(reasons)
    listed = "; ".join(f"{reason}, {'once' if count == 1 else f'{count} times'}" for reason, count in counts.items())
    return f"instances {'are in a crash loop' if len(reasons) > 1 else 'crash'}: {listed}"


def reason_of(details: Mapping[str, Any]) -> str:
    """Why an instance has ended, in words; nothing where Render has taken it away."""
    reason = details.get("reason") or {}
    if reason.get("oomKilled"):
        limit = reason["oomKilled"].get("memoryLimit")
        return "out of memory" + (f" (limit {limit})" if limit else "")
    if reason.get("nonZeroExit") is not None:
        return f"exit code {reason['nonZeroExit']}"
    if reason.get("unhealthy"):
        return f"unhealthy ({reason['unhealthy']})"
    if reason.get("timedOutReason") or reason.get("timedOutSeconds"):
        return f"timed out ({reason.get('timedOutReason') or reason.get('timedOutSeconds')})"
    if reason.get("evicted"):
        return ""
    return "ended early" if reason.get("earlyExit") else "failed"
