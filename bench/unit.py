"""How long the unit tests take, beside a run of pytest that finds none: `python -m bench.unit`."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

from bench.workspace import ROOT, told

RUNS = 3


def main() -> None:
    """Both on two processes, in turn."""
    with tempfile.TemporaryDirectory() as nothing:
        empty, ours = [], []
        for _ in range(RUNS):
            empty.append(_pytest(nothing, expected=5))
            ours.append(_pytest("tests/unit", expected=0))
    print(f"unit tests        {told(ours)} (at most 15 s)")
    print(f"pytest by itself  {told(empty)}")
    print(f"ratio             {statistics.median(ours) / statistics.median(empty):.1f}")


def _pytest(path: str, *, expected: int) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-n", "2", "-p", "no:cacheprovider", path]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    if done.returncode != expected:
        sys.exit(f"pytest {path} ended with {done.returncode}:\n{done.stdout[-2000:]}")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
