"""`backup verify`: every byte of one, read back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.errors import WRONG_USE, ExplainedError
from ops.arguments import AsJson, KeyFile, Which
from ops.backups import keys, place
from ops.backups.manifest import Manifest
from ops.backups.store import LATEST, Store
from ops.backups.verify import verify as verified
from ops.backups.verify import verify_stored
from ops.context import Context

UNPROVEN = (
    "that a key opens it",
    "that it unpacks to its end",
    "that it holds the tables which the manifest names",
    "that it can be restored",
)


def verify(
    shell: typer.Context,
    environment: Which,
    backup: Annotated[str, typer.Argument(help="Its name, the beginning of it, or `latest`.")] = LATEST,
    key: KeyFile = None,
    without_key: Annotated[
        bool, typer.Option("--without-key", help="Hold only sizes and SHA-256 against the manifest; open nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read a backup back to its last byte: checksums, seal, packing, archive. Only a drill proves a restore."""
    if without_key and key:
        raise ExplainedError("cannot do both", "--key and --without-key exclude each other", code=WRONG_USE)
    context = Context.of(shell)
    there = place.of(context, environment)
    _, manifest = Store(there.objects, environment, context.output.say).find(backup)
    told = _stored(context, there, manifest) if without_key else _opened(context, there, manifest, key)
    context.output.report(told, as_json=as_json)
    if without_key:
        context.output.say(f"the stored bytes are those that the manifest names; not proven: {'; '.join(UNPROVEN)}")
        context.output.say(f"with a key, ./slipway backup verify {environment} proves all but the last")
        return
    context.output.say(f"every byte is as it was written; that it can be restored, a drill proves: "
                       f"./slipway drill {environment}")  # fmt: skip


def _opened(context: Context, there: place.Place, manifest: Manifest, file: Path | None) -> dict[str, object]:
    key, began = keys.key(there.stack, there.clients, file), context.clock()
    found = verified(manifest, there.objects, key.identities, context.doors.parse_archive, say=context.output.say)
    return {
        "backup": manifest.id,
        "whole": True,
        "opened by": f"the {key.kind} key",
        "parts": len(manifest.parts),
        "stored bytes": manifest.size,
        "dumped bytes": manifest.plain_size,
        "tables": found.tables,
        "seconds": round(context.clock() - began, 1),
    }


def _stored(context: Context, there: place.Place, manifest: Manifest) -> dict[str, object]:
    """Neither `whole` nor `tables` is in it: that is what a key is needed for."""
    began = context.clock()
    verify_stored(manifest, there.objects, say=context.output.say)
    return {
        "backup": manifest.id,
        "checksums hold": True,
        "opened by": "no key",
        "not proven": UNPROVEN,
        "parts": len(manifest.parts),
        "stored bytes": manifest.size,
        "seconds": round(context.clock() - began, 1),
    }
