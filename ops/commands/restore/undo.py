"""`restore undo`: the database of before a restore in place becomes live again."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.arguments import AsJson, Which
from ops.backups import place
from ops.context import Context
from ops.restores import back


def undo(
    shell: typer.Context,
    environment: Which,
    yes: Annotated[bool, typer.Option("--yes", help="Do it.")] = False,
    database: Annotated[str, typer.Option(metavar="NAME", help="Of the live database, typed.")] = "",
    as_json: AsJson = False,
) -> None:
    """Bring back the database of before a restore in place; what was restored is kept beside it."""
    context = Context.of(shell)
    done = back.undo(place.of(context, environment), yes=yes, typed=database)
    context.output.report({"database": done.database, "was": done.was, "kept": done.kept}, as_json=as_json)
    context.output.say(f"{done.database} is again what it was before the restore")
