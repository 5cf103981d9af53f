"""Arguments and options that several commands take, each with its one help text."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ops.environments.stacks import Environment

Which = Annotated[Environment, typer.Argument(help="Which one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print data for programs.")]
PullNumber = Annotated[int, typer.Argument(min=1, metavar="NUMBER", help="Of the pull request.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; the local cloud needs no --yes.")]
AnyOrEvery = Annotated[Environment | None, typer.Argument(help="Which one.")]
TellIssue = Annotated[bool, typer.Option("--issue", help="Tell it in the one issue at GitHub, which closes itself.")]
Everywhere = Annotated[
    bool, typer.Option("--everywhere", help="Start the workflow on the branch of each environment.")
]
KeyFile = Annotated[
    Path | None, typer.Option("--key", metavar="FILE", help="A recovery key, not the environment's own.")
]
SecretName = Annotated[str, typer.Argument(help="The variable that the services find it in.")]
AsMarkdown = Annotated[bool, typer.Option("--markdown", help="Print a table for a pull request.")]


class Unreachable(StrEnum):
    """What becomes of a look for which something outside is needed that is not there."""

    fail = "fail"
    skip = "skip"


WhereUnreachable = Annotated[
    Unreachable,
    typer.Option(
        envvar="SLIPWAY_UNREACHABLE",
        help="What becomes of it where what it needs cannot be reached; `skip` says so and is no error.",
    ),
]
ScratchUrl = Annotated[
    str,
    typer.Option(
        metavar="URL",
        help="A PostgreSQL in which databases may be made, where none can be started here.",
        envvar="SLIPWAY_SCRATCH_URL",
    ),
]
