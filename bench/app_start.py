"""The application started by hand against an environment's database, with that environment's own variables."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import requests

from infra.application import APPLICATION
from infra.names import EnvironmentNames

WITHIN = 60


def bare_start(here: Mapping[str, str], app: Path, *before: str, environment: str = "staging") -> float:
    """Seconds until it is healthy, after those of its other commands that come first, such as `migrate`."""
    name = EnvironmentNames(APPLICATION.name, environment).env_group
    groups = (one.get("envGroup", one) for one in _render(here, "/env-groups"))
    group = next(one for one in groups if one["name"] == name)
    settings = {one["key"]: one["value"] for one in _render(here, f"/env-groups/{group['id']}")["envVars"]}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {"PATH": here["PATH"], "PORT": str(port), "WEB_CONCURRENCY": "1", **settings}
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as empty:  # else it finds an earlier run's static files
        variables |= {"TMPDIR": empty}
        began = time.perf_counter()
        for command in before:
            subprocess.run(
                [sys.executable, "start.py", command], cwd=app, env=variables, check=True, capture_output=True
            )
        with subprocess.Popen(
            [sys.executable, "start.py", "web"],
            cwd=app,
            env=variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                until(lambda: answers(f"http://127.0.0.1:{port}/health/"), WITHIN)
                return time.perf_counter() - began
            finally:
                process.terminate()


def answers(url: str) -> bool:
    """Whether it answers well."""
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def until(true: Callable[[], bool], within: float, what: str = "healthy", pause: float = 0.05) -> None:
    """Wait for it; the measurement ends where it does not come."""
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            sys.exit(f"not {what} within {within} s")
        time.sleep(pause)


def _render(here: Mapping[str, str], path: str) -> Any:
    headers = {"Authorization": f"Bearer {here['RENDER_API_KEY']}"}
    return requests.get(here["RENDER_HOST"] + path, headers=headers, timeout=10).json()
