"""`companion`: restores what is laid into a folder or a bucket."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from console.errors import ExplainedError
from ops.arguments import AsJson, Which
from ops.companion.opening import opened
from ops.context import Context


def companion(
    shell: typer.Context,
    environment: Which,
    once: Annotated[bool, typer.Option("--once", help="End when all that is there is done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Restore each dump that is laid into RESTORE_WATCH_DIR, with the services stopped meanwhile."""
    context = Context.of(shell)
    with opened(context, environment, os.environ) as one:
        taken = one.run(once=once)
        told = [each.model_dump(mode="json") for each in taken]
        if as_json:
            context.output.json(told)
        elif taken:
            rows = [[each.name, each.outcome, f"{each.seconds:g}", each.why] for each in taken]
            context.output.table(["dump", "outcome", "seconds", "why"], rows)
        left = one.memory.state.stopped
    bad = [each.name for each in taken if each.outcome != "restored"]
    if once and (bad or left):
        why = ", ".join([*(f"{name} was not restored" for name in bad), *(f"{name} is not up" for name in left)])
        raise ExplainedError(
            "not all is well", why, hint=f"see above, then: ./slipway companion {environment} --once"
        )
