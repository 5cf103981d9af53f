"""`backup create`: the same for people and for the job that the infrastructure schedules."""

from __future__ import annotations

from typing import Any

import typer

from ops.arguments import AsJson, Which
from ops.backups import place
from ops.backups.create import create as made
from ops.backups.manifest import Manifest
from ops.context import Context


def create(shell: typer.Context, environment: Which, as_json: AsJson = False) -> None:
    """Make a backup of an environment's database: sealed, checked, and stored once. Nothing else changes."""
    context = Context.of(shell)
    manifest = made(place.of(context, environment))
    context.output.report(told(manifest), as_json=as_json)


def told(manifest: Manifest) -> dict[str, Any]:
    """What was made."""
    return {
        "backup": manifest.id,
        "kept as": manifest.retention,
        "seconds": manifest.seconds,
        "parts": len(manifest.parts),
        "dumped bytes": manifest.plain_size,
        "stored bytes": manifest.size,
        "tables": len(manifest.contents.get("tables", {})),
    }
