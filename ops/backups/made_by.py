"""Which Slipway makes a backup: told by its own folder, as the ops image has no package of it installed."""

from __future__ import annotations

import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def slipway() -> str:
    """Its version."""
    return str(tomllib.loads(PROJECT.read_text())["project"]["version"])
