"""Deploys every kind of broken release on an environment that serves: `python -m bench.broken [WORDS]...`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from bench.broken.kinds import ENVIRONMENT, KINDS
from bench.broken.trial import Outcome, carry_out
from tests.support.checkout import Checkout
from tests.support.world import World

LINE = "{:44} {:11} {:>8} {:>10} {:>5} {:>8}"
LAST_LINES = 40


def main(words: list[str]) -> int:
    """Print a line for each; 1 when one of them stayed. Each word chooses the kinds whose sentence it is in."""
    chosen = [kind for kind in KINDS if not words or any(word in kind.sentence for word in words)]
    with tempfile.TemporaryDirectory(prefix="slipway-bench-", ignore_cleanup_errors=True) as folder:
        world = World(Checkout(Path(folder)))
        try:
            url = world.have(ENVIRONMENT).url
            print(LINE.format("a release that", "was", "told in", "in trouble", "lost", "requests"), flush=True)
            outcomes = []
            for kind in chosen:
                outcomes.append(carry_out(world, kind, url))
                _print(outcomes[-1])
            mended = world.slipway_up(ENVIRONMENT, check=False).returncode == 0
        finally:
            world.local("reset", check=True)
    held = sum(outcome.held for outcome in outcomes)
    told = "is then" if mended else "IS NOT"
    print(f"{held} of {len(outcomes)} refused, the release before serving; the mended one {told} deployed")
    print("load of this machine over 1, 5 and 15 minutes: {:.1f} {:.1f} {:.1f}".format(*os.getloadavg()))
    return 0 if held == len(outcomes) and mended else 1


def _print(outcome: Outcome) -> None:
    print(
        LINE.format(
            outcome.kind.sentence,
            outcome.verdict,
            f"{outcome.seconds:.1f} s",
            f"{outcome.troubled:.1f} s",
            outcome.lost,
            outcome.requests,
        ),
        flush=True,
    )
    last = "\n    ".join(outcome.said.splitlines()[-LAST_LINES:])
    print(
        f"  exit code {outcome.code}{', not back: ' + outcome.back if outcome.back else ''}\n    {last}",
        file=sys.stderr,
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
