"""Who may do what to which environment, by real calls: `python -m bench.isolation`."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.isolation import policies, table
from bench.isolation.expected import ENVIRONMENTS
from bench.isolation.judge import Count, judge
from bench.isolation.scene import Scene
from bench.isolation.table import Cell
from bench.workspace import cloud, run, variables

SHARE = 0.99


def main() -> int:
    """Three environments in a cloud of their own: the table, what differs from it, and what became of the mutants."""
    with cloud() as env:
        for name in ("staging", "dev", "prod"):
            run([sys.executable, "-m", "ops", "up", name], env)
        return measure(Scene(variables(env), Path(env["SLIPWAY_ROOT"])))


def measure(scene: Scene) -> int:
    """Ask everything, and print what came of it."""
    scene.furnish()
    began = time.perf_counter()
    asked = table.cells(scene, ENVIRONMENTS)
    wrong = table.wrong(asked)
    for home in ENVIRONMENTS:
        denied = table.denied_cells(scene, home)
        with table.almighty(scene, home):
            wrong += table.wrong(denied)
        asked += denied
    hung = {home: policies.of(scene, home, asked) for home in ENVIRONMENTS}
    others = [
        cell for mine in hung.values() for policy in mine for cell in policy.cells if not isinstance(cell, Cell)
    ]
    wrong += [f"{cell}: {'refused' if cell.is_allowed else 'allowed'}" for cell in others if cell.differs()]
    _print_table(asked)
    print(f"and {len(others)} tokens and calls of services; {time.perf_counter() - began:.0f} s")
    print(f"otherwise than the design says: {len(wrong)} (at most 0)")
    for line in wrong:
        print(f"wrong: {line}")

    began, count = time.perf_counter(), Count()
    for home, mine in hung.items():
        judge(scene, home, mine, count)
    print(f"mutants of {sum(map(len, hung.values()))} policies: {count}; {time.perf_counter() - began:.0f} s")
    print(f"caught: {count.share:.1%} (at least {SHARE:.0%})")
    for line in count.missed:
        print(f"missed: {line}")
    return 1 if wrong or count.share < SHARE else 0


def _print_table(asked: Sequence[Cell]) -> None:
    """Allowed calls of those made, by identity and environment."""
    allowed = Counter((str(cell.who), cell.where.environment) for cell in asked if cell.is_allowed)
    made = Counter((str(cell.who), cell.where.environment) for cell in asked)
    print(f"{'allowed of calls made':<40}" + "".join(f"{name:>14}" for name in ENVIRONMENTS))
    for who in dict.fromkeys(str(cell.who) for cell in asked):
        counts = (f"{allowed[who, name]} of {made[who, name]}" if made[who, name] else "" for name in ENVIRONMENTS)
        print(f"{who:<40}" + "".join(f"{told:>14}" for told in counts))
    print(f"{len(asked)} calls")


if __name__ == "__main__":
    sys.exit(main())
