"""Which cloud a command talks to: the one that the environment names, else the one on this machine."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ops.errors import FAILED, OpsError

ROOT = Path(__file__).resolve().parents[1]
LOCAL = "http://127.0.0.1:"


@dataclass(frozen=True)
class Cloud:
    """The process environment that every tool is started with."""

    variables: dict[str, str]
    is_local: bool

    @property
    def name(self) -> str:
        """For people."""
        if self.is_local:
            return "the local cloud"
        return f"Render workspace {self.variables.get('RENDER_OWNER_ID', '(RENDER_OWNER_ID is not set)')} and AWS"


def choose() -> Cloud:
    """The cloud that RENDER_API_KEY in the environment belongs to; without one, the local cloud, started."""
    given = dict(os.environ)
    if given.get("RENDER_API_KEY") and not given.get("RENDER_HOST", "").startswith(LOCAL):
        return Cloud(given, is_local=False)
    run_local("start")
    return Cloud(os.environ | json.loads(ask_local("env", "--json")), is_local=True)


def pulumi(target: Cloud) -> str:
    """The CLI on the PATH of that cloud; the local cloud always has one."""
    found = shutil.which("pulumi", path=target.variables.get("PATH", ""))
    if found is None:
        version = importlib.metadata.version("pulumi")
        raise OpsError(
            "cannot run pulumi: it is not on PATH",
            hint=f"install pulumi {version} or later (https://www.pulumi.com/docs/install)",
        )
    return found


def run_local(*words: str) -> None:
    """Run a command of the local cloud; it tells its errors itself, and its exit code becomes ours."""
    code = subprocess.run(_command(*words), cwd=ROOT, check=False).returncode
    if code != 0:
        raise SystemExit(code if code in (1, 2, 3) else FAILED)


def ask_local(*words: str) -> str:
    """What a command of the local cloud prints."""
    said = subprocess.run(_command(*words), capture_output=True, text=True, cwd=ROOT, check=False)
    if said.returncode != 0:
        raise OpsError(f"cannot ask the local cloud: {said.stderr.strip()}")
    return said.stdout.strip()


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "localcloud", *words]
