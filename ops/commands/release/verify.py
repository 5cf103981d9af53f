"""`release verify`: whether an image is what it is said to be."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.arguments import AsJson, Which
from ops.context import Context
from ops.releases import verify as verifying


def verify(
    shell: typer.Context,
    environment: Which,
    digest: Annotated[
        str, typer.Argument(help="Of another image in its registry; without, the release that is to run.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Verify a release: whose signature is on it, of which workflow, repository, branch and tree it was built."""
    context = Context.of(shell)
    report = verifying.report(context, environment, digest)
    context.output.report(report, as_json=as_json)
