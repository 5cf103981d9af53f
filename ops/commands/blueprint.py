"""`blueprint`: render.yaml, for those who want the services without Pulumi."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.context import Context
from ops.doors.programs import ROOT
from ops.environments.blueprint import write


def blueprint(
    shell: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when it is out of date.")] = False,
) -> None:
    """Write render.yaml from the stack files."""
    written = write(ROOT / "render.yaml", check=check)
    Context.of(shell).output.say(f"render.yaml is {'written' if written else 'up to date'}")
