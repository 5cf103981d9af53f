"""Whether a release's instances end by themselves. https://api-docs.render.com/reference/list-events"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection

from pulumi_plugin.values import Values
from render_api.errors import RefusedError
from render_provider.provider import deploys
from render_provider.provider.gate.failure import GateError
from render_provider.provider.logs import brief, last_lines
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


def crash_watch(
    task: Task, service: str, deploy: Values, before: Collection[str], *, since: str = "", whose: str = "its"
) -> Callable[[], None]:
    """A look that raises `GateError` once an instance of this deploy has crashed.

    `before`: the instances of the release before it, which may end as they like. `since`: the deploy's beginning,
    unless told; `whose` instances they are where that is another service than the one that is deployed.
    """
    clock = task.client.clock
    query = {"type": "server_failed", "startTime": since or deploy["createdAt"], "limit": 100}
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
            lines = None if whose == "its" else brief(last_lines(task, service, deploy))
            raise GateError(f"{whose} instances {loops}: {told}", lines=lines)

    return look


def first_release_watch(task: Task, service: str, since: str) -> Callable[[], None]:
    """The same of another service, where what it runs is its first release."""
    served = [deploy for deploy in deploys.newest(task, service) if deploy["status"] in ("live", "deactivated")]
    if len(served) != 1:
        return nothing
    name = task.client.get(f"/services/{service}")["name"]
    return crash_watch(task, service, served[0], (), since=since, whose=f"{name}'s")


def nothing() -> None:
    """Where nobody watches."""


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
