"""A release's instances must not end by themselves while it is watched."""

from __future__ import annotations

from collections.abc import Callable, Collection

from pulumi_plugin.values import Values
from render_api import instances
from render_api.errors import RefusedError
from render_provider.provider import deploys
from render_provider.provider.gate.failure import GateError
from render_provider.provider.logs import brief, last_lines
from render_provider.provider.task import Task

PAUSE = 1.0  # seconds between two looks, at least


def crash_watch(
    task: Task, service: str, deploy: Values, before: Collection[str], *, since: str = "", whose: str = "its"
) -> Callable[[], None]:
    """A look that raises `GateError` once an instance of this deploy has crashed.

    `before`: the instances of the release before it, which may end as they like. `since`: the deploy's beginning,
    unless told; `whose` instances they are where that is another service than the one that is deployed.
    """
    clock, next_look, lost = task.client.clock, 0.0, False

    def look() -> None:
        nonlocal next_look, lost
        if clock.now() < next_look:
            return
        next_look = clock.now() + PAUSE
        try:
            reasons = instances.ended(task.client, service, since or str(deploy["createdAt"]), but=before)
        except RefusedError as error:
            if error.status < 500:
                next_look = float("inf")
            if not lost:
                task.warn(f"cannot watch for crashes: {error.reason}")
            lost = True
            return
        lost = False
        if reasons:
            lines = None if whose == "its" else brief(last_lines(task, service, deploy))
            raise GateError(f"{whose} {instances.told(reasons)}", lines=lines)

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
