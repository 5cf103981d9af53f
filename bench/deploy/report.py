"""How long each operation took, what requests met meanwhile, and what of it is no more than it may be."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.deploy.answers import Answers

LONGEST_GAP = 0.25
MOST_RATIO = 1.5
LINE = "{:32} {:>8} {:>12} {:>8} {:>12}"


@dataclass(frozen=True)
class Taken:
    """Seconds of one operation: until the address shows it, and until whoever asked for it is told so."""

    seen: float
    ended: float


@dataclass
class Operation:
    """All of one kind."""

    taken: list[Taken] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)
    """When they began and ended, by the clock."""


@dataclass
class Report:
    """Of one run."""

    limited: str
    """The operation whose ratio to its floor has a limit."""
    operations: dict[str, Operation] = field(default_factory=dict)
    floors: dict[str, list[float]] = field(default_factory=dict)
    """Seconds for build, migrate and boot alone, by the operation that cannot do without them."""

    def carry_out(self, what: str, act: Callable[[], Taken], pause: float) -> None:
        """Do that, and wait a while: what it leaves to be done belongs to it."""
        began, taken = time.time(), act()
        time.sleep(pause)
        operation = self.operations.setdefault(what, Operation())
        operation.taken.append(taken)
        operation.spans.append((began, time.time()))

    def ratio(self, what: str) -> float:
        """How many times its floor it takes until the address shows it."""
        return self._seen(what) / statistics.median(self.floors[what])

    def held(self, answers: Answers) -> bool:
        """Whether nothing was lost, and no limit passed."""
        return not answers.lost and answers.gap() <= LONGEST_GAP and self.ratio(self.limited) <= MOST_RATIO

    def print(self, answers: Answers) -> None:
        """For people."""
        counts = f"requests {answers.total}, lost {answers.lost.total()}"
        print(f"{counts}, longest gap {_ms(answers.gap())} (at most {_ms(LONGEST_GAP)})")
        for what, count in answers.lost.most_common():
            print(f"  lost: {count} times {what}")
        print(f"among them {', '.join(f'{count} of {path}' for path, count in sorted(answers.long.items()))}")
        shares = ", ".join(f"{share:.0%} within {_ms(answers.latency(share))}" for share in (0.5, 0.99, 1))
        print(f"the others were answered: {shares}")
        print(LINE.format("", "seen", "command ended", "times", "longest gap"))
        for what, one in self.operations.items():
            gap = max(answers.gap(*span) for span in one.spans)
            ended = statistics.median(taken.ended for taken in one.taken)
            print(LINE.format(what, f"{self._seen(what):.1f} s", f"{ended:.1f} s", len(one.taken), _ms(gap)))
        for what, floors in self.floors.items():
            floor = statistics.median(floors)
            limit = f" (at most {MOST_RATIO})" if what == self.limited else ""
            print(f"{what}: {self.ratio(what):.2f} times build, migrate and boot alone, {floor:.1f} s{limit}")

    def _seen(self, what: str) -> float:
        return statistics.median(taken.seen for taken in self.operations[what].taken)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
