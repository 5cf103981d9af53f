"""`previews expire`: those that nobody wants any more."""

from __future__ import annotations

import typer

from console.errors import FAILED
from ops.arguments import AsJson
from ops.context import Context
from ops.previews.follow import expire as take_away
from ops.previews.place import place


def expire(shell: typer.Context, as_json: AsJson = False) -> None:
    """Remove the previews whose days are over, or whose pull request is closed or has lost its label."""
    context = Context.of(shell)
    where = place(context)
    removed, failures = take_away(where, context.doors.github_at(where.cloud))
    if as_json:
        context.output.json([{"pull": one.pull, "why": one.why} for one in removed])
    elif removed:
        for one in removed:
            context.output.line(f"the preview of {one.pull} is removed: {one.why}")
    else:
        context.output.line("no preview is over")
    for error in failures:
        context.output.say(str(error))
    if failures:
        raise typer.Exit(FAILED)
