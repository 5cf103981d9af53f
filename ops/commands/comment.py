"""`comment`: one comment of a kind at a pull request."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from ops.context import Context
from ops.pipeline.comments import comment as write
from ops.pipeline.comments import of_run


def comment(
    shell: typer.Context,
    pull: Annotated[int, typer.Argument(help="The number of the pull request.")],
    kind: Annotated[str, typer.Option(help="Which comment: the one of this kind is written anew.")] = "preview",
    commit: Annotated[str, typer.Option(help="What it is of; by default, what the job was started for.")] = "",
) -> None:
    """Write what comes from stdin as a comment at a pull request, in place of the one of its kind before."""
    context = Context.of(shell)
    told = write(context.doors.github(), pull, kind, sys.stdin.read(), of=of_run(os.environ, commit))
    context.output.line(told)
