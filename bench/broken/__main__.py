"""Deploys every kind of broken release on an environment that serves: `python -m bench.broken [WORDS OF A KIND]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.broken.kinds import KINDS
from bench.broken.trial import Outcome, carry_out
from tests.support.checkout import Checkout
from tests.support.world import World

LINE = "{:46} {:12} {:>9} {:>9} {:>6} {:>9}"


def main(words: list[str]) -> int:
    """Print a line for each; 1 when one of them stayed."""
    chosen = [kind for kind in KINDS if not words or " ".join(words) in kind.sentence]
    print(LINE.format("a release that", "", "told in", "troubled", "lost", "requests"))
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        world = World(Checkout(Path(folder)))
        try:
            world.slipway_up("staging")
            url = str(world.have("staging").url)
            outcomes = []
            for kind in chosen:
                outcome = carry_out(world, kind, url)
                outcomes.append(outcome)
                _print(outcome)
            mended = world.slipway_up("staging", check=False).returncode == 0
        finally:
            world.local("reset", "--yes")
    held = sum(outcome.held for outcome in outcomes)
    told = "is then" if mended else "IS NOT"
    print(f"{held} of {len(outcomes)} refused, the release before serving; the mended one {told} deployed")
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
    print(f"    exit code {outcome.code}: {outcome.said[:200]}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
