"""`unlock`: what runs may be changed again."""

from __future__ import annotations

import typer

from ops.arguments import Which
from ops.context import Context
from ops.releases import passage


def unlock(shell: typer.Context, environment: Which) -> None:
    """Unlock an environment, whoever has locked it."""
    context = Context.of(shell)
    ours = passage.of(context, environment)
    held = ours.locks.release()
    if held is None:
        context.output.say(f"{environment} is not locked")
        return
    ours.tell("unlocked", outcome=f"was {held}")
    context.output.say(f"{environment} is unlocked; it was {held}")
