"""`local env`: for shells, and for programs."""

from __future__ import annotations

from typing import Annotated

import typer

from console.output import Output
from localcloud.control import daemons, environment
from localcloud.machine import process


def env(as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False) -> None:
    """Print the environment that makes every tool use the local cloud.

    To use it: eval "$(./slipway local env)"; as JSON, null stands for a variable that must not be set.
    """
    output = Output()
    if as_json:
        output.json(environment.changes())
    else:
        output.line(environment.exports())
    if not all(process.find(name) for name in daemons.DAEMONS):
        output.say("the local cloud is not running; start it with: ./slipway local start")
