"""Starts and stops the two daemons of the local cloud, and knows whether they answer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from localcloud import process
from localcloud.errors import LocalCloudError
from localcloud.paths import checkout, folder, git_host, local
from localcloud.ports import HOST, check_free, port

DAEMONS = ("aws", "render")
PORTS = {"aws": ("aws", "registry"), "render": ("render", "edge")}
READY_SECONDS = 60.0
STOP_SECONDS = 20.0
Progress = Callable[[str], None]


def start(progress: Progress) -> None:
    """Have both daemons running and answering; those that run already are left alone."""
    _make_git_host()
    started = [name for name in DAEMONS if process.find(name) is None]
    for name in started:
        for kept in PORTS[name]:
            check_free(kept)
    for name in started:
        progress(f"starting the local {'AWS' if name == 'aws' else 'Render'}")
        process.spawn(name, [sys.executable, "-m", f"localcloud.{name}"], log=log(name), env=_environment())
    for name in DAEMONS:
        _wait(name)


def stop() -> list[str]:
    """End everything that the local cloud started, also after its daemons were killed; returns the names."""
    ended = []
    if render := process.find("render"):  # first: it would start again what it sees die
        process.stop(render, seconds=STOP_SECONDS)
        ended.append("render")
    return ended + process.stop_all(last=("postgres",))


def reset(folders: list[Path]) -> None:
    """Stop, and delete all state: `.local/` and the given folders outside it."""
    stop()
    for path in [*folders, local()]:
        shutil.rmtree(path, ignore_errors=False)


def ready(name: str) -> bool:
    """Whether that daemon answers that it is ready."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port(name)}/_local/health", timeout=5) as answer:
            return bool(json.load(answer).get("ready"))
    except (OSError, ValueError, urllib.error.URLError):
        return False


def log(name: str) -> Path:
    """The file that a daemon writes its output to."""
    return folder("logs") / f"{name}.log"


def _make_git_host() -> None:
    if not (git_host() / "HEAD").exists():
        command = ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(git_host())]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise LocalCloudError("cannot make the local Git host", made.stderr.strip())


def _environment() -> dict[str, str]:
    return os.environ | {
        "SLIPWAY_ROOT": str(checkout()),
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port('aws')}",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }


def _wait(name: str) -> None:
    until = time.monotonic() + READY_SECONDS
    while not ready(name):
        if process.find(name) is None or time.monotonic() > until:
            lines = log(name).read_text(errors="replace").splitlines()[-12:] if log(name).exists() else []
            raise LocalCloudError(
                f"the local {name} did not start",
                "\n".join([f"its last lines in {log(name)}:", *lines]),
                hint="mend what they say and run the same command again, or forget all state: ./slipway local reset",
            )
        time.sleep(0.05)
