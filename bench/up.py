"""How long an environment takes from nothing to a healthy URL, and what of it is the floor: `python -m bench.up`."""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import requests

from bench.workspace import ROOT, cloud, program, run, seconds, told, variables

RUNS = 3
NOOP = """
import pulumi

class Thing(pulumi.CustomResource):
    def __init__(self, name):
        super().__init__("noop:index:Thing", name, {"name": name}, None)

for number in range(%d):
    Thing(f"thing-{number}")
"""


def main() -> None:
    """Time whole runs from an empty cloud; then the same number of resources that do nothing, and the app alone."""
    ups, floors, starts = [], [], []
    for _ in range(RUNS):
        with cloud() as env:
            began = time.perf_counter()
            report = json.loads(run([sys.executable, "-m", "ops", "up", "staging", "--json"], env))
            _until(partial(_answers, f"{report['url']}/api/health/"), 5)
            ups.append(time.perf_counter() - began)
            here = variables(env) | {"SLIPWAY_PYTHON": sys.executable}
            with program(here, NOOP % report["resources"]) as folder:
                floors.append(seconds(["pulumi", "up", "--yes", "--skip-preview", "--stack", "floor"], here, folder))
            starts.append(_app_start(here))
    floor = statistics.median(floors) + statistics.median(starts)
    print(f"./slipway up staging        {told(ups)} (at most 45 s)")
    print(f"{report['resources']} resources, doing nothing  {told(floors)}")
    print(f"the app's bare start        {told(starts)}")
    print(f"ratio to both together      {statistics.median(ups) / floor:.2f} (at most 3)")


def _app_start(here: dict[str, str]) -> float:
    """The app started by hand against staging's database, with staging's own variables."""
    [group] = _render(here, "/env-groups")  # staging's, which has this cloud to itself
    group = group.get("envGroup", group)
    settings = {one["key"]: one["value"] for one in _render(here, f"/env-groups/{group['id']}")["envVars"]}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"PATH": here["PATH"], "PORT": str(port), "WEB_CONCURRENCY": "1", **settings}
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as empty:  # else it finds an earlier run's static files
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "start.py", "web"],
            cwd=ROOT / "app",
            env=environment | {"TMPDIR": empty},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as app:
            try:
                _until(lambda: _answers(f"http://127.0.0.1:{port}/health/"), 60)
                return time.perf_counter() - began
            finally:
                app.terminate()


def _render(here: dict[str, str], path: str) -> Any:
    headers = {"Authorization": f"Bearer {here['RENDER_API_KEY']}"}
    return requests.get(here["RENDER_HOST"] + path, headers=headers, timeout=10).json()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def _until(true: Callable[[], bool], within: float) -> None:
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            sys.exit(f"not healthy within {within} s")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
