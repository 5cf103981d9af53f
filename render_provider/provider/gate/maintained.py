"""Whether Render itself answers for a web service: nobody sees a release then, whatever it does."""

from __future__ import annotations

from pulumi_plugin.values import Values
from render_provider.provider.gate import verdict
from render_provider.provider.task import Task


def in_maintenance(task: Task, key: str) -> bool:
    """Of the service with that id."""
    return maintained(task, task.client.get(f"/services/{key}"))


def maintained(task: Task, service: Values) -> bool:
    """Of one as Render has told it; said, because it ends a look that people rely on."""
    mode = (service.get("serviceDetails") or {}).get("maintenanceMode") or {}
    if mode.get("enabled"):
        page = verdict.page(service)
        task.warn(f"{service['name']} is in maintenance mode, so nobody sees what is live now: {page}")
    return bool(mode.get("enabled"))
