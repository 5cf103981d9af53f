"""`pipeline`: what a workflow has to know of an environment."""

from __future__ import annotations

from typing import Annotated

import typer

from console.errors import WRONG_USE, ExplainedError
from ops.arguments import AsJson
from ops.context import Context
from ops.environments.stacks import Environment, load, load_all
from ops.pipeline.checkout import Checkout
from ops.pipeline.facts import of, of_branch


def pipeline(
    shell: typer.Context,
    environment: Annotated[Environment | None, typer.Argument(help="Which one.")] = None,
    branch: Annotated[str, typer.Option(help="Instead of its name the branch that it tracks.")] = "",
    as_variables: Annotated[
        bool, typer.Option("--variables", help="Print name=value, as GITHUB_OUTPUT takes it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show an environment as workflows need it: its role, region and state, and whether it promotes what is here."""
    context = Context.of(shell)
    if (environment is None) == (not branch):
        raise ExplainedError(
            "wrong words", "name an environment or a branch", hint="./slipway pipeline staging", code=WRONG_USE
        )
    stacks = load_all()
    stack = load(environment) if environment else of_branch(branch, stacks)
    shown = of(stack, stacks, Checkout(context.doors).tree).shown()
    if as_variables and not as_json:
        for name, value in shown.items():
            context.output.line(f"{name}={value}")
    else:
        context.output.report(shown, as_json=as_json)
