"""`up`: an environment, from nothing to its URL."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.arguments import AsJson, Which
from ops.context import Context
from ops.environments.up import bring_up
from ops.plans.reviewed import Reviewed


def up(
    shell: typer.Context,
    environment: Which,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; the local cloud never does.")] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="First take over how everything really is, then bring it up to date.")
    ] = False,
    recreate: Annotated[
        list[str] | None,
        typer.Option("--recreate", metavar="NAME", help="Make a new, empty one of what was deleted with its data."),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Do what `preview --save` has shown and nothing else.")
    ] = None,
    kept: Annotated[
        bool,
        typer.Option(
            "--kept", help="Do what `preview --keep` has shown for this tree and release; where it has not, show it."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring an environment to life, or up to date."""
    context = Context.of(shell)
    reviewed = Reviewed(plan, kept=kept)
    report = bring_up(context, environment, yes=yes, refresh=refresh, recreate=recreate or (), reviewed=reviewed)
    context.output.report(report.shown(), as_json=as_json)
