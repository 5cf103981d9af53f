"""`release promote`: the same image, in the next environment."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.arguments import AsJson, Which
from ops.context import Context
from ops.releases import promotion


def promote(
    shell: typer.Context,
    environment: Which,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; the local cloud never does.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring what the environment before runs into this one: the same bytes, if the tree is the same."""
    context = Context.of(shell)
    report = promotion.promote(context, environment, yes=yes).shown()
    context.output.report(report, as_json=as_json)
