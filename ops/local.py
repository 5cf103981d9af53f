"""The cloud on this machine: start, stop, status, reset, env, logs, git."""

from __future__ import annotations

import fcntl
from pathlib import Path

import typer

from ops import bootstrap, branches, cloud
from ops.cloud import Cloud


def local(context: typer.Context) -> None:
    """Start, stop and look into the cloud on this machine."""
    words = context.args or ["--help"]
    if words == ["start"]:
        target = cloud.choose()
        if target.is_local:
            prepare(target)
            return
    cloud.run_local(*words)


def prepare(target: Cloud) -> None:
    """Make what every environment here needs: the tracked branches, and what exists once per account."""
    with (Path(target.variables["SLIPWAY_ROOT"]) / ".local/prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two that look at once would make everything twice
        branches.seed()
        bootstrap.prepare(target)
