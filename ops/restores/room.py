"""How large the disk of an environment's database is, as Render tells it."""

from __future__ import annotations

from typing import Any

from ops.backups.place import Place
from render_api.errors import RenderError

GIB = 1 << 30


def render_database(place: Place) -> dict[str, Any] | None:
    """What Render says of it; nothing where another address was given, or nobody may ask."""
    if place.is_job or place.cloud.variables.get("DATABASE_URL"):
        return None
    return called(place, place.stack.names.database)


def called(place: Place, name: str) -> dict[str, Any] | None:
    """The instance of that very name: one that was recovered of it begins alike."""
    render = place.context.doors.render(place.cloud)
    query = {"ownerId": place.cloud.variables.get("RENDER_OWNER_ID", ""), "name": name}
    found = render.pages("/postgres", query, envelope="postgres")
    return next((one for one in found if one["name"] == name), None)


def disk_bytes(place: Place) -> int:
    """0 where it cannot be known."""
    try:
        found = render_database(place)
    except RenderError:
        return 0
    return int((found or {}).get("diskSizeGB") or 0) * GIB
