"""What the launcher adds to a command when everything is installed: `python -m bench.launcher`."""

from __future__ import annotations

import os
import statistics
import sys

from bench.workspace import run, seconds, told

RUNS = 7


def main() -> None:
    """The same command with and without the launcher, in turn."""
    env = dict(os.environ)
    run(["./slipway", "--help"], env)
    with_launcher, without = [], []
    for _ in range(RUNS):
        with_launcher.append(seconds(["./slipway", "--help"], env))
        without.append(seconds([sys.executable, "-m", "ops", "--help"], env))
    added = statistics.median(with_launcher) - statistics.median(without)
    print(f"./slipway --help      {told(with_launcher)}")
    print(f"python -m ops --help  {told(without)}")
    print(f"the launcher adds     {added:.2f} s (at most 1.5)")


if __name__ == "__main__":
    main()
