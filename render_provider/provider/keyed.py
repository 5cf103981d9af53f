"""Variables and secret files: Render keeps them one by one, and only those that the program declares are ours."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from render_provider.provider.resource import Change
from render_provider.provider.task import Task

PATHS = {"envVars": ("env-vars", "value"), "secretFiles": ("secret-files", "content")}


def listed(name: str, values: Mapping[str, str] | None) -> list[dict[str, str]]:
    """A map as Render's create calls want it."""
    first = "key" if name == "envVars" else "name"
    return [{first: key, PATHS[name][1]: value} for key, value in (values or {}).items()]


def mapped(name: str, items: list[dict[str, str]] | None) -> dict[str, str]:
    """A list as Render tells it, as a map."""
    first = "key" if name == "envVars" else "name"
    return {item[first]: item.get(PATHS[name][1], "") for item in items or []}


def sync(
    task: Task, parent: str, name: str, *, want: Mapping[str, str], now: Mapping[str, str], change: Change
) -> None:
    """Set the declared keys that differ and remove the ones no longer declared; others stay as they are."""
    folder, field = PATHS[name]
    for key, value in want.items():
        if now.get(key) != value:
            task.client.put(f"{parent}/{folder}/{quote(key, safe='')}", {field: value})
    for key in change.dropped(name, want):
        task.client.delete(f"{parent}/{folder}/{quote(key, safe='')}")
