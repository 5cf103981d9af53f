"""`secret set`: from a hidden prompt or from stdin."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.arguments import SecretName, Which, Yes
from ops.context import Context
from ops.secrets.keeping import SETTING, refuse_value, set_secret


def set_(
    shell: typer.Context,
    environment: Which,
    name: SecretName,
    from_stdin: Annotated[bool, typer.Option("--stdin", help="Read the value from stdin, all its lines.")] = False,
    yes: Yes = False,
) -> None:
    """Set a secret's value, from a hidden prompt or from stdin. The services have it after the next `up`."""
    refuse_value(shell.args, f"./slipway secret set {environment}")
    context = Context.of(shell)
    before = set_secret(context, environment, name, from_stdin=from_stdin, yes=yes)
    context.output.say(f"{name} of {environment} is {'replaced' if before.is_set else 'set'}")
    if before.declared:
        context.output.say(f"the services have it after: ./slipway up {environment}")
    else:
        context.output.say(f"it reaches no service yet: name it in {SETTING} of Pulumi.{environment}.yaml")
