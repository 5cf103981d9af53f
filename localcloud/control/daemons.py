"""Starts and stops the daemons of the local cloud, and knows whether they answer."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from console import inherited
from console.errors import ExplainedError
from console.output import Say
from localcloud.docker import ours
from localcloud.machine import process
from localcloud.machine.paths import checkout, close, folder, git_host, local, remove
from localcloud.machine.ports import HOST, check_free, port

DAEMONS = ("render", "aws")  # the one that takes longer to answer first
GITHUB = "github"  # started by the first who needs it
PORTS = {"aws": ("aws", "registry"), "render": ("render", "edge"), GITHUB: (GITHUB,)}
TITLES = {"aws": "AWS", "render": "Render", GITHUB: "GitHub"}
READY_SECONDS = 60.0
STOP_SECONDS = 20.0


def start(say: Say, names: Sequence[str] = DAEMONS) -> None:
    """Have these daemons running and answering; those that run already are left alone."""
    with (local() / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two that start at once must not both find nothing running
        close()
        _make_git_host()
        _start(say, names)


def _start(say: Say, names: Sequence[str]) -> None:
    started = [name for name in names if process.find(name) is None]
    for name in started:
        for kept in PORTS[name]:
            if process.find(kept) is None:  # the edge outlives a killed daemon, which takes it over
                check_free(kept)
    for name in started:
        say(f"starting the local {TITLES[name]}")
        process.spawn(name, [sys.executable, "-m", f"localcloud.{name}"], log=log(name), env=_environment())
    for name in names:
        _wait(name)


def stop() -> list[str]:
    """End everything that the local cloud started, also after its daemons were killed; returns the names."""
    ended = []
    for name in DAEMONS:  # Render first: it would start again what it sees die
        if daemon := process.find(name):
            process.stop(daemon, seconds=STOP_SECONDS, again=True)
            ended.append(name)
    return ended + process.stop_all(last=("postgres",)) + ours.remove_containers()


def reset(folders: list[Path]) -> None:
    """Stop, and delete all state: `.local/` and the given folders outside it."""
    stop()
    ours.remove_images()
    for path in [*folders, local()]:
        remove(path)


def ready(name: str) -> bool:
    """Whether that daemon answers that it is ready."""
    return bool(_health(name).get("ready"))


def log(name: str) -> Path:
    """The file that a daemon writes its output to."""
    return folder("logs") / f"{name}.log"


def _make_git_host() -> None:
    if not (git_host() / "HEAD").exists():
        command = ["git", "init", "--quiet", "--bare", "--shared=0600", "--initial-branch=main", str(git_host())]
        made = subprocess.run(command, env=inherited.git(), capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise ExplainedError("cannot make the local Git host", made.stderr.strip())


def _environment() -> dict[str, str]:
    return inherited.for_servers() | {
        "SLIPWAY_ROOT": str(checkout()),
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port('aws')}",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }


def _health(name: str) -> dict[str, Any]:
    """What that daemon says of itself; `unheard` says why it could not be asked."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port(name)}/_local/health", timeout=5) as answer:
            said = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            said = error.read()
    except (OSError, http.client.HTTPException) as error:
        return {"unheard": str(getattr(error, "reason", error)) or type(error).__name__}
    try:
        return dict(json.loads(said))
    except (ValueError, TypeError):
        return {"unheard": f"it answers {said[:80].decode(errors='replace')!r}"}


def _wait(name: str) -> None:
    until = time.monotonic() + READY_SECONDS
    while not (health := _health(name)).get("ready"):
        daemon = process.find(name)
        if daemon and health.get("gave_up"):
            process.stop(daemon, seconds=STOP_SECONDS, again=True)  # the next start begins anew
            hint = None if "\nhint: " in health["error"] else f"./slipway local logs {name}"
            raise ExplainedError(f"the local {name} did not start", health["error"], hint=hint)
        if daemon is None:
            lines = log(name).read_text(errors="replace").splitlines()[-12:] if log(name).exists() else []
            why = "\n".join([f"its last lines in {log(name)}:", *lines] if lines else ["it ended and said nothing"])
            hint = None if "\nhint: " in why else "mend what they say and run the same command again"
            raise ExplainedError(f"the local {name} did not start", why, hint=hint)
        if time.monotonic() > until:
            why = health.get("unheard") or health.get("error") or "it says that it is not ready"
            raise ExplainedError(
                f"the local {name} runs (pid {daemon.pid}) but cannot be asked at {HOST}:{port(name)}",
                f"{why}, for {READY_SECONDS:g} s",
                hint=f"./slipway local logs {name}",
            )
        time.sleep(0.05)
