"""`outputs`: all of them, or one alone for a script."""

from __future__ import annotations

from typing import Annotated

import typer

from console.errors import WRONG_USE, ExplainedError
from ops.arguments import AsJson, Which
from ops.context import Context
from ops.environments.outputs import shown


def outputs(
    shell: typer.Context,
    environment: Which,
    name: Annotated[str | None, typer.Argument(help="Only this one, alone.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what an environment consists of; secrets stay hidden."""
    context = Context.of(shell)
    values, _ = shown(context.doors.pulumi(context.doors.choose()).resources(environment))
    if name and name not in values:
        raise ExplainedError(
            f"{environment} has no output {name} that may be shown",
            f"it has {len(values)} others",
            hint=f"./slipway outputs {environment}",
            code=WRONG_USE,
        )
    if as_json:
        context.output.json(values[name] if name else values)
    elif name:
        context.output.line(str(values[name]))
    else:
        context.output.values(values)
