"""`backup list`: what has a manifest, newest first."""

from __future__ import annotations

from typing import Any

import typer

from console.output import sized
from ops.arguments import AsJson, Which
from ops.backups import place
from ops.backups.store import Kept, Store
from ops.context import Context

TITLES = ("backup", "kept", "finished (UTC)", "size")


def list_(shell: typer.Context, environment: Which, as_json: AsJson = False) -> None:
    """List the backups of an environment's database, newest first."""
    context = Context.of(shell)
    there = place.of(context, environment)
    kept = Store(there.objects, environment).backups()
    if as_json:
        context.output.json([shown(one) for one in kept])
    elif kept:
        context.output.table(TITLES, [row(one) for one in kept])
    if not kept:
        context.output.say(f"{environment} has no backup: ./slipway backup create {environment}")


def shown(one: Kept) -> dict[str, Any]:
    """For programs."""
    finished = one.modified.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"id": one.id, "retention": one.retention, "finished": finished, "size": one.size, "key": one.key}


def row(one: Kept) -> list[object]:
    """For people."""
    return [one.id, one.retention, f"{one.modified:%Y-%m-%d %H:%M}", sized(one.size)]
