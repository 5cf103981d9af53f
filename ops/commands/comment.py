"""`comment`: one comment of a kind at a pull request."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ops.context import Context
from ops.pipeline.comments import comment as write


def comment(
    shell: typer.Context,
    pull: Annotated[int, typer.Argument(help="The number of the pull request.")],
    kind: Annotated[str, typer.Option(help="Which comment: the one of this kind is written anew.")] = "preview",
) -> None:
    """Write what comes from stdin as a comment at a pull request, in place of the one of its kind before."""
    context = Context.of(shell)
    context.output.line(write(context.doors.github(), pull, kind, sys.stdin.read()))
