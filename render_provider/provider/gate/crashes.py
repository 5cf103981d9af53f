"""Whether a release's instances end by themselves. https://api-docs.render.com/reference/list-events"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection

from pulumi_plugin.values import Values
from render_api.errors import RefusedError
from render_provider.provider.gate.failure import GateError
from render_provider.provider.task import Task

PAUSE = 1.0  # seconds between two looks, at least


def instances(task: Task, service: str) -> set[str]:
    """The ids of those that run; none where Render does not tell."""
    if not service.startswith("srv-"):
        return set()
    try:
        return {str(one["id"]) for one in task.client.get(f"/services/{service}/instances") or []}
    except RefusedError:
        return set()


def crash_watch(task: Task, service: str, deploy: Values, before: Collection[str]) -> Callable[[], None]:
    """A look that raises `GateError` once an instance of this deploy has crashed.

    `before`: the instances of the release before it, which may end as they like.
    """
    clock, query = task.client.clock, {"type": "server_failed", "startTime": deploy["createdAt"], "limit": 100}
    next_look = 0.0

    def look() -> None:
        nonlocal next_look
        if clock.now() < next_look:
            return
        next_look = clock.now() + PAUSE
        try:
            page = task.client.get(f"/services/{service}/events", query) or []
        except RefusedError as error:
            task.warn(f"cannot watch for crashes: {error.reason}")
            next_look = float("inf")
            return
        details = [item.get("event", item).get("details") or {} for item in page]
        reasons = Counter(reason_of(one) for one in details if one.get("instanceID") not in before)
        del reasons[""]
        if reasons:
            told = "; ".join(f"{reason}, {_times(count)}" for reason, count in reasons.items())
            loops = "are in a crash loop" if reasons.total() > 1 else "crash"
            raise GateError(f"its instances {loops}: {told}")

    return look


def reason_of(details: Values) -> str:
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


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
