"""`release rollback`: the release before, or another one of the history, runs again."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.arguments import AsJson, Which, Yes
from ops.context import Context
from ops.releases.rollback import roll_back


def rollback(
    shell: typer.Context,
    environment: Which,
    to: Annotated[
        str | None, typer.Option("--to", metavar="DIGEST|N", help="Which one; without it the one before.")
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="MIGRATION", help="Go back across it all the same."),
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Have a release of before run again, through the same gate; refused where the older code could not live."""
    context = Context.of(shell)
    report = roll_back(context, environment, to, accepted=accept or (), yes=yes)
    context.output.report(report.shown(), as_json=as_json)
