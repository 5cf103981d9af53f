"""`release build`: an image of the committed tree, once, with its signed provenance."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.arguments import AsJson, Which
from ops.context import Context
from ops.releases import build as builds


def build(
    shell: typer.Context,
    environment: Which,
    test_run: Annotated[
        str, typer.Option("--test-run", metavar="URL", help="Where the tests that it has passed can be looked at.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Build and sign an image of what is committed, once for each tree, and make it what `up` deploys."""
    context = Context.of(shell)
    report = builds.build(context, environment, test_run=test_run).shown()
    context.output.report(report, as_json=as_json)
