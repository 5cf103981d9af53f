"""The door to the cloud on this machine: its own command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from console.errors import FAILED, REFUSED, WRONG_USE
from ops.doors.programs import ROOT

# Read by the local PostgreSQL: the version of the first database, which it makes ready while everything else starts.
POSTGRES = "SLIPWAY_POSTGRES"


@dataclass(frozen=True)
class Started:
    """What it says of itself: the variables to set, or to take away, and where its Git host is."""

    environment: dict[str, str | None]
    git_host: str


def start(*, postgres: str = "") -> Started:
    """Have it running."""
    hint = {POSTGRES: postgres} if postgres else {}
    started = json.loads(_run(["start", "--json"], stdout=subprocess.PIPE, env=os.environ | hint))
    return Started(started["environment"], started["git"])


def github() -> dict[str, str]:
    """The variables by which this machine's GitHub is asked, which is started."""
    found: dict[str, str] = json.loads(_run(["github", "--json"], stdout=subprocess.PIPE))
    return found


def run(*words: str) -> None:
    """Run one of its commands, which speaks for itself."""
    _run([*words])


def _run(words: list[str], *, stdout: int | None = None, env: Mapping[str, str] | None = None) -> str:
    """It tells its errors itself, and its exit code becomes ours."""
    command = [sys.executable, "-m", "localcloud", *words]
    done = subprocess.run(command, stdout=stdout, env=env, text=True, cwd=ROOT, check=False)
    if done.returncode != 0:
        raise SystemExit(done.returncode if done.returncode in (FAILED, WRONG_USE, REFUSED) else FAILED)
    return done.stdout or ""
