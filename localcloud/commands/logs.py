"""`local logs`: of a service as Render keeps it, or of a daemon."""

from __future__ import annotations

import os
import shutil
from typing import Annotated

import typer

from console.errors import ExplainedError
from console.output import Output
from localcloud.control import daemons


def logs(
    name: Annotated[str, typer.Argument(help="A service, or a daemon: aws, github, render.")] = "render",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as lines come.")] = False,
    count: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many of the newest lines.")] = 100,
) -> None:
    """Print the last lines of a service's or a daemon's log."""
    if name not in daemons.PORTS:
        from localcloud.control import services

        for line in services.lines(name, newest=count, follow=follow):
            Output().line(line, flush=follow)
        return
    path = daemons.log(name)
    if not path.exists():
        raise ExplainedError(f"no log of {name}", "it was never started", hint="./slipway local start")
    command = [shutil.which("tail") or "tail", "-n", str(count), *(["-F"] if follow else []), str(path)]
    os.execv(command[0], command)  # noqa: S606 - becoming `tail` is the point
