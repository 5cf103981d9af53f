"""How much memory the idle local cloud holds with staging up: `python -m bench.memory`."""

from __future__ import annotations

import json
import sys

from bench.workspace import cloud, run


def main() -> None:
    """The proportional share of every process that the local cloud started, by `local status`."""
    with cloud() as env:
        run([sys.executable, "-m", "ops", "up", "staging"], env)
        status = json.loads(run([sys.executable, "-m", "localcloud", "status", "--json"], env))
    for process in sorted(status["processes"], key=lambda one: -one["memory_mib"]):
        print(f"{process['memory_mib']:>5} MiB  {process['name']}")
    print(f"{status['memory_mib']:>5} MiB  in all (at most 900)")


if __name__ == "__main__":
    main()
