"""The workspace that everything belongs to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Owner:
    """A workspace and whom to write to. The local cloud has one, which is not stored: `identity.json` has its id."""

    id: str
    name: str = "Local workspace"
    email: str = "local@example.com"
