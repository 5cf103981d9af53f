"""`preview`: what `up` would do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.arguments import AsJson, Which
from ops.context import Context
from ops.pipeline import preview as previews


def preview(
    shell: typer.Context,
    environment: Which,
    declared: Annotated[bool, typer.Option("--declared", help="Only what the files say; no cloud is asked.")] = False,
    since: Annotated[
        str,
        typer.Option(
            metavar="REVISION",
            help="Compare the cost with that of this revision; with --declared, the resources, too.",
        ),
    ] = "",
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Save the plan, for `up --plan`.", dir_okay=False)
    ] = None,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Keep the plan beside the state, for `up --kept` of this tree and release."),
    ] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print it for a pull request.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what bringing an environment up to date would change, the destructive first, and what it costs."""
    context = Context.of(shell)
    found = previews.preview(context, environment, since=since, declared=declared, save=save, keep=keep)
    if as_json:
        context.output.json(found.shown())
    elif as_markdown:
        for line in found.markdown():
            context.output.line(line)
    elif found.changes is None:
        for line in filter(None, found.markdown()):
            context.output.line(line.replace("**", ""))
    elif found.changes:
        context.output.table(("what", "type", "name", "differs"), previews.lines(found.changes))
    else:
        context.output.line(f"nothing would change in {environment}")
