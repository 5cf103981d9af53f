"""How much longer a no-change preview of staging takes than one of an empty program: `python -m bench.preview`."""

from __future__ import annotations

import statistics
import sys

from bench.workspace import cloud, program, run, seconds, told, variables

RUNS = 5
PREVIEW = ["pulumi", "preview", "--expect-no-changes", "--stack"]


def main() -> None:
    """Both in turn, so that the machine's moods fall on both."""
    with cloud() as env:
        run([sys.executable, "-m", "ops", "up", "staging"], env)
        here = variables(env)
        with program(here, "import pulumi\n") as folder:
            run(["pulumi", "up", "--yes", "--stack", "floor"], here, folder)
            empty, ours = [], []
            for _ in range(RUNS):
                empty.append(seconds([*PREVIEW, "floor"], here, folder))
                ours.append(seconds([*PREVIEW, "staging"], here))
    ratio = statistics.median(ours) / statistics.median(empty)
    print(f"preview of staging          {told(ours)}")
    print(f"preview of an empty program {told(empty)}")
    print(f"ratio                       {ratio:.2f} (at most 2, aiming at 1.6)")


if __name__ == "__main__":
    main()
