"""What Postgres and key-value stores have in common: they come up, and they have connection strings."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from pulumi_plugin.values import Values
from render_api.errors import RenderError
from render_provider.provider.task import Task

BROKEN = frozenset({"recovery_failed"})
READY = frozenset({"available", "suspended"})


def wait_until_available(task: Task, noun: str, path: str, *, limit: float) -> None:
    """Wait for the status `available`. A suspended one stays as it is, and says so."""

    def look() -> Values:
        datastore: Values = task.client.get(path)
        if datastore["status"] in BROKEN:
            raise RenderError(
                f"{noun} {datastore['name']}", f"its status is {datastore['status']}", hint=dashboard(datastore)
            )
        return datastore

    def status(datastore: Values) -> str:
        return str(datastore["status"])

    datastore = task.wait(noun, look, lambda datastore: status(datastore) in READY, limit=limit, status=status)
    if datastore["status"] == "suspended" or datastore.get("suspended") == "suspended":
        task.warn(
            f"{noun} {datastore['name']} is suspended: resume it in the dashboard or by the API before it is used"
        )


def dashboard(datastore: Values) -> str:
    """Where a person can look at it."""
    return f"look at {datastore.get('dashboardUrl') or 'https://dashboard.render.com'}"


def address(connection_string: str, default_port: int) -> tuple[str, int, str, str]:
    """Host, port, user and database of a connection string."""
    parts = urlsplit(connection_string)
    return parts.hostname or "", parts.port or default_port, unquote(parts.username or ""), parts.path.lstrip("/")
