"""`backup prune`: what the bucket's rules will remove, and the leftovers that nobody misses."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.arguments import AsJson, Which
from ops.backups import place
from ops.backups.prune import prune as pruned
from ops.context import Context


def prune(
    shell: typer.Context,
    environment: Which,
    yes: Annotated[bool, typer.Option("--yes", help="Remove the leftovers.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell when the bucket's rules remove which backup; with --yes, remove what never became one."""
    context = Context.of(shell)
    there = place.of(context, environment)
    found = pruned(there, context.doors.leftovers(there.clients, there.objects.name), yes=yes)
    say = context.output.say
    leaving = [(one.backup.id, one.backup.retention, f"{one.at:%Y-%m-%d}") for one in found.leaving]
    left = [(one.id, len(one.objects), len(one.uploads), one.size) for one in found.leftovers]
    if as_json:
        context.output.json(
            {
                "backups": [dict(zip(("id", "retention", "removed"), one, strict=True)) for one in leaving],
                "leftovers": [dict(zip(("id", "objects", "uploads", "bytes"), one, strict=True)) for one in left],
                "done": found.done,
                "locked": {key: f"{until:%Y-%m-%dT%H:%M:%SZ}" for key, until in found.locked.items()},
            }
        )
    else:
        if leaving:
            context.output.table(("backup", "kept", "removed on"), leaving)
        if left:
            context.output.table(("leftover", "objects", "uploads", "bytes"), left)
    for last in (one for one in found.leaving if one.is_last_good):
        say(f"{last.backup.id} is the last good one: no command removes it, and the bucket on {last.at:%Y-%m-%d}")
    for key, until in found.locked.items():
        say(f"{key} is hidden; it is locked, and its bytes stay until {until:%Y-%m-%d %H:%M UTC}")
    if left and not found.done:
        say(f"to remove the leftovers: ./slipway backup prune {environment} --yes")
    elif not left:
        say("there are no leftovers older than a day")
