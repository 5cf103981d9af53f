"""Which Slipway makes a backup: told by its own folder, as the ops image has no package of it installed."""

from __future__ import annotations

import tomllib

from ops.doors.programs import ROOT


def slipway() -> str:
    """Its version."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
