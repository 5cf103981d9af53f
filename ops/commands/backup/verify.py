"""`backup verify`: every byte of one, read back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.arguments import AsJson, Which
from ops.backups import keys, place
from ops.backups.store import LATEST, Store
from ops.backups.verify import verify as verified
from ops.context import Context


def verify(
    shell: typer.Context,
    environment: Which,
    backup: Annotated[str, typer.Argument(help="Its name, the beginning of it, or `latest`.")] = LATEST,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A recovery key; else the environment's own is used.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read a backup back to its last byte: checksums, seal, packing, archive. Only a drill proves a restore."""
    context = Context.of(shell)
    there = place.of(context, environment)
    _, manifest = Store(there.objects, environment, context.output.say).find(backup)
    opens = keys.key(there.stack, there.clients, key)
    began = context.clock()
    found = verified(manifest, there.objects, opens.identities, context.doors.parse_archive, say=context.output.say)
    told = {
        "backup": manifest.id,
        "whole": True,
        "opened by": f"the {opens.kind} key",
        "parts": len(manifest.parts),
        "stored bytes": manifest.size,
        "dumped bytes": manifest.plain_size,
        "tables": found.tables,
        "seconds": round(context.clock() - began, 1),
    }
    context.output.report(told, as_json=as_json)
    context.output.say(f"every byte is as it was written; that it can be restored, a drill proves: "
                       f"./slipway drill {environment}")  # fmt: skip
