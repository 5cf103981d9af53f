"""`backup show`: what the manifest of one says."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.arguments import AsJson, Which
from ops.backups import place
from ops.backups.manifest import Manifest
from ops.backups.store import LATEST, Store
from ops.context import Context


def show(
    shell: typer.Context,
    environment: Which,
    backup: Annotated[str, typer.Argument(help="Its name, the beginning of it, or `latest`.")] = LATEST,
    as_json: AsJson = False,
) -> None:
    """Show what a backup holds: its tables and their rows, versions, parts, and who can open it."""
    context = Context.of(shell)
    there = place.of(context, environment)
    _, manifest = Store(there.objects, environment, context.output.say).find(backup)
    if as_json:
        context.output.json(manifest.model_dump(mode="json"))
        return
    for name, value in lines(manifest):
        context.output.line(f"{name:<12}  {value}", hang=14)


def lines(manifest: Manifest) -> list[tuple[str, str]]:
    """For people."""
    tables = manifest.contents.get("tables", {})
    rows = sum(one.get("rows") or 0 for one in tables.values())
    told = [
        ("backup", manifest.id),
        ("environment", f"{manifest.environment}, kept as {manifest.retention}"),
        ("finished", f"{manifest.finished:%Y-%m-%d %H:%M:%S UTC}, after {manifest.seconds:.1f} s"),
        ("database", f"{manifest.database}, PostgreSQL {manifest.server_version}, by {manifest.tools.pg_dump}"),
        ("release", manifest.release or "none was recorded"),
        ("mode", f"{manifest.mode}: {manifest.why_mode}"),
        ("holds", f"{len(tables)} tables with {rows} rows, {manifest.plain_size} bytes as dumped"),
    ]
    told += [("part", f"{part.name}  {part.size} bytes  sha256 {part.sha256}") for part in manifest.parts]
    told += [("opened by", recipient) for recipient in manifest.recipients]
    told += [("table", f"{name}: {one.get('rows')} rows") for name, one in tables.items()]
    return told
