"""`maintenance status`: whether the page is shown, since when, and what rests."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from console.errors import FAILED
from ops.arguments import AsJson, Which
from ops.context import Context
from ops.maintenance.shown import shown
from ops.maintenance.switch import open_maintenance


class Expected(StrEnum):
    """What a script may ask for."""

    on = "on"
    off = "off"


def status(
    shell: typer.Context,
    environment: Which,
    expect: Annotated[Expected | None, typer.Option("--expect", help="Fail unless it is so, wholly.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell whether an environment is in maintenance; exit code 1 when it is by halves, or for too long."""
    context = Context.of(shell)
    ours = open_maintenance(context, environment)
    state, record = ours.look(), ours.records.read()
    found = shown(state, record)
    context.output.report(found, as_json=as_json)
    if record and record.overdue(datetime.now(UTC)):
        context.output.say(f"it was meant to be over: ./slipway maintenance off {environment}")
        raise typer.Exit(FAILED)
    if found["maintenance"] == "half":
        context.output.say(f"mend it: ./slipway maintenance on {environment}, or … off {environment}")
        raise typer.Exit(FAILED)
    if expect and found["maintenance"] != expect:
        raise typer.Exit(FAILED)
