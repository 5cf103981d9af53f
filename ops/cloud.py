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

from console.errors import FAILED, ExplainedError
from infra import names

ROOT = Path(__file__).resolve().parents[1]
LOCAL = "http://127.0.0.1:"


@dataclass(frozen=True)
class Cloud:
    """The process environment that every tool is started with."""

    variables: dict[str, str]
    is_local: bool
    git_host: str = ""  # the local one's

    @property
    def name(self) -> str:
        """For people."""
        if self.is_local:
            return "the local cloud"
        return f"Render workspace {self.variables.get('RENDER_OWNER_ID', '(RENDER_OWNER_ID is not set)')} and AWS"


def choose(*, postgres: str = "") -> Cloud:
    """The cloud that RENDER_API_KEY in the environment belongs to; without one, the local cloud, started.

    The local one makes ready for a first database of version `postgres`.
    """
    given = dict(os.environ)
    if given.get("RENDER_API_KEY") and not given.get("RENDER_HOST", "").startswith(LOCAL):
        return Cloud(given, is_local=False)
    started = json.loads(run_local("start", "--json", "--postgres", postgres, capture=True))
    # From here on this process is in the local cloud's environment, too: clients read more of it than they are given.
    for name, value in started["environment"].items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    return Cloud(dict(os.environ), is_local=True, git_host=started["git"])


def state_file(target: Cloud, environment: str) -> Path | None:
    """Where Pulumi's file backend keeps a stack's state; None for other backends. To read it starts no CLI."""
    scheme, _, folder = target.variables.get("PULUMI_BACKEND_URL", "").partition("://")
    if scheme != "file":
        return None
    return Path(folder, ".pulumi", "stacks", names.PROJECT, f"{environment}.json")


def pulumi(target: Cloud) -> str:
    """The CLI on the PATH of that cloud; the local cloud always has one."""
    found = shutil.which("pulumi", path=target.variables.get("PATH", ""))
    if found is None:
        version = importlib.metadata.version("pulumi")
        raise ExplainedError(
            "cannot run pulumi: it is not on PATH",
            hint=f"install pulumi {version} or later (https://www.pulumi.com/docs/install)",
        )
    return found


def run_local(*words: str, capture: bool = False) -> str:
    """Run a command of the local cloud; it tells its errors itself, and its exit code becomes ours."""
    command = [sys.executable, "-m", "localcloud", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE if capture else None, text=True, cwd=ROOT, check=False)
    if done.returncode != 0:
        raise SystemExit(done.returncode if done.returncode in (1, 2, 3) else FAILED)
    return done.stdout or ""
