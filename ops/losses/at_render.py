"""What is lost at Render: what the state knows and Render does not."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from ops.doors.render import Look
from ops.losses.loss import Loss
from render_api.errors import NotFound, RenderError

HOLDS = {
    "render:index:Environment": ("/environments", "environment", "everything that was in it"),
    "render:index:Postgres": ("/postgres", "database", "all its data and Render's backups of them"),
    "render:index:KeyValue": ("/key-value", "key-value store", "everything that was stored in it"),
}


def lost_at_render(resources: Iterable[dict[str, Any]], render: Look) -> list[Loss]:
    """All that is gone; nothing where Render cannot be asked."""
    lost: list[Loss] = []
    with suppress(RenderError):
        for one in resources:
            if one["type"] not in HOLDS or one.get("delete"):
                continue
            folder, noun, contents = HOLDS[one["type"]]
            try:
                render.get(f"{folder}/{one['id']}")
            except NotFound:
                name = one["inputs"]["name"]
                lost.append(Loss(f"the {noun} {name} ({one['id']}), and with it {contents}", name))
    return lost
