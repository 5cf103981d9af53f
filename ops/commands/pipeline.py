"""`pipeline`: what a workflow has to know of an environment."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import typer

from console.errors import WRONG_USE, ExplainedError
from infra import load_preview
from infra.names import PREVIEW
from ops.arguments import AsJson
from ops.context import Context
from ops.environments.stacks import load, load_all
from ops.pipeline.checkout import Checkout
from ops.pipeline.facts import of, of_branch, of_previews


class Workflows(StrEnum):
    """What workflows work on."""

    dev = "dev"
    staging = "staging"
    prod = "prod"
    preview = PREVIEW


def pipeline(
    shell: typer.Context,
    environment: Annotated[
        Workflows | None, typer.Argument(help="Which one, or `preview`: what those of pull requests share.")
    ] = None,
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
    shown = of_previews(load_preview.shared()) if environment == PREVIEW else _of_stack(context, environment, branch)
    if as_variables and not as_json:
        for name, value in shown.items():
            context.output.line(f"{name}={value}")
    else:
        context.output.report(shown, as_json=as_json)


def _of_stack(context: Context, environment: str | None, branch: str) -> Mapping[str, str]:
    stacks = load_all()
    stack = load(environment) if environment else of_branch(branch, stacks)
    return of(stack, stacks, Checkout(context.doors).tree).shown()
