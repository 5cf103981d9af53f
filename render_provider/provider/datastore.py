"""What Postgres and key-value stores have in common: they come up, and they have connection strings."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from render_api.errors import RenderError
from render_provider.provider.resource import Values
from render_provider.provider.task import Task

BROKEN = frozenset({"recovery_failed"})
READY = frozenset({"available", "suspended"})


def wait_until_available(task: Task, noun: str, path: str, *, limit: float) -> None:
    """Wait for the status `available`. A suspended one stays as it is, and says so."""

    def look() -> Values:
        found: Values = task.client.get(path)
        if found["status"] in BROKEN:
            raise RenderError(f"{noun} {found['name']}", f"its status is {found['status']}", hint=dashboard(found))
        return found

    def status(found: Values) -> str:
        return str(found["status"])

    found = task.wait(noun, look, lambda found: status(found) in READY, limit=limit, status=status)
    if found["status"] == "suspended" or found.get("suspended") == "suspended":
        task.warn(f"{noun} {found['name']} is suspended: resume it in the dashboard or by the API before it is used")


def dashboard(found: Values) -> str:
    """Where a person can look at it."""
    return f"look at {found.get('dashboardUrl') or 'https://dashboard.render.com'}"


def address(connection_string: str, default_port: int) -> tuple[str, int, str, str]:
    """Host, port, user and database of a connection string."""
    parts = urlsplit(connection_string)
    return parts.hostname or "", parts.port or default_port, unquote(parts.username or ""), parts.path.lstrip("/")
