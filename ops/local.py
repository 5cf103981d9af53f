"""The cloud on this machine: start, stop, status, reset, env, logs, git."""

from __future__ import annotations

import typer

from ops import branches, cloud
from ops.bootstrap import prepare


def local(context: typer.Context) -> None:
    """Start, stop and look into the cloud on this machine."""
    words = context.args or ["--help"]
    if words == ["start"]:
        target = cloud.choose()
        if target.is_local:
            branches.seed()
            prepare(target)
            return
    cloud.run_local(*words)
