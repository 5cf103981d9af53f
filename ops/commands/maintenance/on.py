"""`maintenance on`: the page in place of the application."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from ops.arguments import AsJson, Which, Yes
from ops.context import Context
from ops.environments.approval import approve
from ops.maintenance.shown import shown
from ops.maintenance.switch import open_maintenance
from ops.maintenance.until import moment


def on(
    shell: typer.Context,
    environment: Which,
    why: Annotated[str, typer.Option("-m", "--message", metavar="WHY", help="Why, for colleagues.")] = "",
    until: Annotated[
        str,
        typer.Option("--until", metavar="WHEN", help="When it is meant to be over: 30m, 2h, 14:30 or a date (UTC)."),
    ] = "",
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Show the maintenance page with status 503 in place of an environment, and pause its workers and jobs."""
    context = Context.of(shell)
    end = moment(until, datetime.now(UTC)) if until else None
    ours = open_maintenance(context, environment)
    approve(
        ours.cloud, ours.stack, "show the maintenance page in place of all", f"maintenance on {environment}", yes=yes
    )
    state = ours.on(why=why, until=end)
    context.output.say(f"{environment} is in maintenance until: ./slipway maintenance off {environment}")
    context.output.report(shown(state, ours.records.read()), as_json=as_json)
