"""How long an environment takes from nothing to a healthy URL, and what of it is the floor: `python -m bench.up`."""

from __future__ import annotations

import json
import statistics
import sys
import time
from functools import partial

from bench.app_start import answers, bare_start, until
from bench.workspace import ROOT, cloud, program, run, seconds, told, variables

RUNS = 3
STEADY = 5.0  # seconds that a worker runs before it is called good (WORKER_STEADY_SEC): no machine is faster there
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
            until(partial(answers, f"{report['url']}/api/health/"), 5)
            ups.append(time.perf_counter() - began)
            here = variables(env) | {"SLIPWAY_PYTHON": sys.executable}
            with program(here, NOOP % report["resources"]) as folder:
                floors.append(seconds(["pulumi", "up", "--yes", "--skip-preview", "--stack", "floor"], here, folder))
            starts.append(bare_start(here, ROOT / "app"))
    took, floor = statistics.median(ups), statistics.median(floors) + statistics.median(starts)
    print(f"./slipway up staging        {told(ups)} (at most 45 s)")
    print(f"  of it, the worker's wait  {STEADY:.2f} s")
    print(f"{report['resources']} resources, doing nothing  {told(floors)}")
    print(f"the app's bare start        {told(starts)}")
    print(f"ratio to both together      {(took - STEADY) / floor:.2f} without that wait (at most 3)")
    print(f"                            {took / floor:.2f} with it")


if __name__ == "__main__":
    main()
