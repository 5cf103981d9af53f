"""`drift`: whether an environment is what its files say."""

from __future__ import annotations

import typer

from console.errors import FAILED, WRONG_USE, ExplainedError
from ops.arguments import AnyOrEvery, AsJson, Everywhere, TellIssue
from ops.context import Context
from ops.environments.stacks import load_all
from ops.pipeline import drifting
from ops.pipeline.preview import lines


def drift(
    shell: typer.Context,
    environment: AnyOrEvery = None,
    issue: TellIssue = False,
    everywhere: Everywhere = False,
    as_json: AsJson = False,
) -> None:
    """Compare what is at Render and AWS with what the files say; exit code 1 where it differs."""
    context = Context.of(shell)
    if (environment is None) != everywhere:
        raise ExplainedError("wrong words", "name one environment", hint="./slipway drift staging", code=WRONG_USE)
    if environment is None:
        for branch in drifting.start_everywhere(context.doors.github(), load_all()):
            context.output.say(f"started on {branch}")
        return
    found = drifting.look(context, environment)
    if issue and (address := drifting.tell(context.doors.github(), found)):
        context.output.say(address)
    if as_json:
        context.output.json(found.shown())
    elif found.changes:
        context.output.table(("what would mend it", "type", "name", "differs"), lines(found.changes))
    else:
        context.output.line(f"{environment} is what its files say")
    if found.changes and not issue:
        raise typer.Exit(FAILED)
