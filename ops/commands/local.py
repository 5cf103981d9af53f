"""`local`: the commands of the cloud on this machine, which `python -m localcloud` carries out."""

from __future__ import annotations

import typer

from ops.context import Context
from ops.environments.local import prepare


def local(shell: typer.Context) -> None:
    """Start, stop and look into the cloud on this machine."""
    context = Context.of(shell)
    words = shell.args or ["--help"]
    if words == ["start"]:
        cloud = context.doors.choose()
        if cloud.is_local:
            prepare(context, cloud)
            return
    context.doors.local_cloud(*words)
