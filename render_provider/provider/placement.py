"""Which environment a thing sits in, and which addresses may reach it: alike for several resources."""

from __future__ import annotations

from typing import Any

from pulumi_plugin.values import Values
from render_api.errors import RefusedError, RenderError
from render_provider.provider.resource import Inputs
from render_provider.provider.task import Task


class Cidr(Inputs):
    """A range of addresses that may come in."""

    cidr_block: str
    """Such as `203.0.113.0/24`."""
    description: str = ""
    """Who that is."""


def move(task: Task, key: str, environment_id: str) -> None:
    """Put it into that environment. The environment it was in loses it: never remove it there by hand."""
    try:
        task.client.post(f"/environments/{environment_id}/resources", {"resourceIds": [key]}, repeatable=True)
    except RefusedError as error:
        if "linked env group" not in error.reason:
            raise
        raise RenderError(
            f"cannot move {key} to {environment_id}",
            error.reason,
            hint="remove its EnvGroupLink in one `pulumi up`, move it in the next",
        ) from error


def open_to(allowed: list[Values] | None) -> list[Values]:
    """An allow list as Render tells it (null when empty) as the program says it."""
    return [{"cidrBlock": entry["cidrBlock"], "description": entry.get("description", "")} for entry in allowed or []]


def same_ranges(one: Any, other: Any) -> bool:
    """Allow lists are sets; null is the empty one."""

    def plain(entries: Any) -> set[tuple[str, str]]:
        return {(entry["cidrBlock"], entry.get("description") or "") for entry in entries or []}

    return plain(one) == plain(other)
