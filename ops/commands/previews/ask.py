"""`previews ask`: what the workflow of a pull request may do, and no more."""

from __future__ import annotations

import typer

from infra import load_preview
from ops.arguments import PullNumber
from ops.context import Context
from ops.previews.ask import ask as start


def ask(shell: typer.Context, number: PullNumber) -> None:
    """Start the workflow of the reviewed branch for a pull request, which then does `previews follow`."""
    context = Context.of(shell)
    context.output.line(start(context.doors.github(), load_preview.shared(), number))
