"""`previews up`: a pull request, served."""

from __future__ import annotations

import typer

from ops.arguments import AsJson, PullNumber
from ops.context import Context
from ops.previews.place import place
from ops.previews.pulls import pull
from ops.previews.up import bring_up


def up(shell: typer.Context, number: PullNumber, as_json: AsJson = False) -> None:
    """Serve what a pull request proposes in an environment of its own, with made-up data."""
    context = Context.of(shell)
    where = place(context)
    report = bring_up(where, pull(context.doors.github_at(where.cloud), number))
    if as_json:
        context.output.json(report.shown())
    else:
        context.output.values(report.shown())
