"""`maintenance off`: the application again."""

from __future__ import annotations

import typer

from ops.arguments import AsJson, Which
from ops.context import Context
from ops.maintenance.shown import shown
from ops.maintenance.switch import open_maintenance


def off(shell: typer.Context, environment: Which, as_json: AsJson = False) -> None:
    """Resume what the maintenance had paused, take the page away, and see that the application answers."""
    context = Context.of(shell)
    ours = open_maintenance(context, environment)
    state = ours.off()
    context.output.say(f"{environment} is out of maintenance")
    context.output.report(shown(state, None), as_json=as_json)
