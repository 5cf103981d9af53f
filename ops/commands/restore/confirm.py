"""`restore confirm`: what a restore in place keeps is not needed any more."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.arguments import AsJson, Which
from ops.backups import place
from ops.context import Context
from ops.restores import back


def confirm(
    shell: typer.Context,
    environment: Which,
    yes: Annotated[bool, typer.Option("--yes", help="Remove it for good.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove the database of before a restore in place: there is no way back after it."""
    context = Context.of(shell)
    done = back.confirm(place.of(context, environment), yes=yes)
    context.output.report({"database": done.database, "removed": done.removed}, as_json=as_json)
    if not done.removed:
        context.output.say(f"nothing is kept beside {done.database}")
