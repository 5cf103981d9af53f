"""`previews follow`: what the workflow does at each change of a pull request."""

from __future__ import annotations

import typer

from ops.arguments import PullNumber
from ops.context import Context
from ops.previews.follow import follow as go_with
from ops.previews.place import place


def follow(shell: typer.Context, number: PullNumber) -> None:
    """Bring a pull request's preview up where it is wanted, remove it where not, and say so in its comment."""
    context = Context.of(shell)
    where = place(context)
    context.output.line(go_with(where, context.doors.github_at(where.cloud), number))
