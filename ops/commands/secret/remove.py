"""`secret remove`: for some days AWS can bring it back."""

from __future__ import annotations

import typer

from ops.arguments import SecretName, Which, Yes
from ops.context import Context
from ops.secrets.keeping import remove_secret


def remove(shell: typer.Context, environment: Which, name: SecretName, yes: Yes = False) -> None:
    """Remove a secret that the stack file no longer names."""
    context = Context.of(shell)
    removed = remove_secret(context, environment, name, yes=yes)
    say = context.output.say
    if removed is None:
        say(f"{name} of {environment} is not set: there is nothing to remove")
        return
    say(f"{name} of {environment} is removed; services that still have it lose it with the next ./slipway up")
    restore = f"aws secretsmanager restore-secret --secret-id {removed.place}"
    say(f"for {removed.days} days it can be brought back: {restore}")
