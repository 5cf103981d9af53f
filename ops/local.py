"""The cloud on this machine: start, stop, status, reset, env, logs, git."""

from __future__ import annotations

import fcntl
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import typer

from ops import bootstrap, branches, cloud
from ops.cloud import ROOT, Cloud


def local(context: typer.Context) -> None:
    """Start, stop and look into the cloud on this machine."""
    words = context.args or ["--help"]
    if words == ["start"]:
        target = cloud.choose()
        if target.is_local:
            prepare(target)
            return
    cloud.run_local(*words)


def prepare(target: Cloud, environment: str | None = None) -> None:
    """Make what environments here need: the tracked branches, what exists once per account, and one's own stack."""
    path = Path(target.variables["SLIPWAY_ROOT"]) / ".local/prepare.lock"
    path.touch(mode=0o600)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two that look at once would make everything twice
        with ThreadPoolExecutor() as pool:
            work: list[Future[object]] = [pool.submit(branches.seed, target), pool.submit(bootstrap.prepare, target)]
            if environment:
                work.append(pool.submit(_make_stack, target, environment))
        for one in work:
            one.result()


def _make_stack(target: Cloud, environment: str) -> None:
    """Make the stack where it is missing. `pulumi up` would, too, but later, and tells what is in the way."""
    kept = cloud.state_file(target, environment)
    if kept and not kept.exists():
        command = [cloud.pulumi(target), "stack", "init", environment, "--no-select"]
        subprocess.run(command, env=target.variables, cwd=ROOT, capture_output=True, check=False)
