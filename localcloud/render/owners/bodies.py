"""A workspace and its user as Render writes them."""

from __future__ import annotations

from typing import Any

from localcloud.render.owners.model import Owner


def owner_body(owner: Owner) -> dict[str, Any]:
    """A workspace, alone or inside what belongs to it."""
    return {"email": owner.email, "id": owner.id, "name": owner.name, "type": "team"}


def user_body(owner: Owner) -> dict[str, Any]:
    """Whose key this is."""
    return {"email": owner.email, "name": "Local user"}
