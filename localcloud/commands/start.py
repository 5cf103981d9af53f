"""`local start`: the daemons, and an engine for them."""

from __future__ import annotations

from typing import Annotated

import typer

from console import inherited
from console.output import Output
from localcloud.control import daemons, environment
from localcloud.engine import setup
from localcloud.machine import servers
from localcloud.machine.paths import git_host


def start(as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False) -> None:
    """Start what does not run yet, and have an engine for it."""
    output = Output()
    if inherited.name() is None:
        from localcloud.render.runtime.databases.account import check_user

        check_user()
    servers.require()
    setup.ensure(output.say)
    daemons.start(output.say)
    if as_json:
        output.json({"environment": environment.changes(), "git": str(git_host())})
