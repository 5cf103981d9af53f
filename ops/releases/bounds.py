"""Whether a release answers worse than the one before it: by what cannot be chance, in samples as small as they are.

A bound that is crossed by a few requests more or less says nothing yet. So each rule asks how likely what was seen
would be of a release that is just within the bound, and speaks only where that is less likely than `CHANCE`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median

from infra.gate import Gate
from ops.releases.observed import Kind, Observed

CHANCE = 0.001
Z = 3.1
"""As many standard deviations above the middle, chance comes once in a thousand."""
FEWEST_FAILURES = 3
"""One lost request, or two, may be the network's."""
FEWEST_TIMES = 8
"""Of each of the two: with fewer, even the clearest difference may be chance."""
UNFELT = 20
"""Milliseconds: so much more is nobody's concern, however often it is what it was."""
GROSS = 2.0
"""So many times over the bound, a longer look is not needed."""


def failing(gate: Gate, before: Observed, after: Observed) -> str | None:
    """Why too many requests fail, of one kind or of all together; None where they do not."""
    for name, kind in [*sorted(after.items()), ("all requests", _together(after.values()))]:
        known = before.get(name) if name in after else _together(before.values())
        allowed = gate.error_percent / 100 + (known.failed / known.count if known and known.count else 0)
        if kind.failed >= FEWEST_FAILURES and _tail(kind.failed, kind.count, min(allowed, 1)) < CHANCE:
            was = f"{known.failed} of {known.count} before" if known and known.count else "nothing to compare with"
            return f"{name}: {kind.failed} of {kind.count} failed ({was}; {gate.error_percent:g} % more are allowed)"
    return None


def slower(gate: Gate, before: Observed, after: Observed, *, ratio: float | None = None) -> str | None:
    """Why answers take too long, of one kind or of all together; None where they do not."""
    allowed = ratio or gate.latency_ratio
    for name, kind in [*sorted(after.items()), ("all requests", _together(after.values()))]:
        known = before.get(name) if name in after else _together(before.values())
        if known and _above(kind.milliseconds, known.milliseconds, allowed):
            now, was = median(kind.milliseconds), median(known.milliseconds)
            return f"{name}: {now:.0f} ms instead of {was:.0f} ms ({gate.latency_ratio:g} times as long is allowed)"
    return None


def gross(gate: Gate, before: Observed, after: Observed) -> str | None:
    """The same where no longer look is needed."""
    return slower(gate, before, after, ratio=gate.latency_ratio * GROSS)


def _above(times: Sequence[int], known: Sequence[int], ratio: float) -> bool:
    """Whether times are more than so many times the known ones: their ranks say so (Mann and Whitney's U)."""
    if min(len(times), len(known)) < FEWEST_TIMES or median(times) - median(known) < UNFELT:
        return False
    bound = [one * ratio for one in known]
    wins = sum((one > other) + (one == other) / 2 for one in times for other in bound)
    pairs = len(times) * len(known)
    spread = math.sqrt(pairs * (len(times) + len(known) + 1) / 12)
    return (wins - pairs / 2) / spread > Z


def _tail(failed: int, count: int, rate: float) -> float:
    """How likely so many failures or more are, at that rate (binomial)."""
    if rate in (0, 1):
        return float(rate or failed == 0)

    def exactly(k: int) -> float:
        ways = math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1)
        return math.exp(ways + k * math.log(rate) + (count - k) * math.log1p(-rate))

    return 1 - sum(map(exactly, range(failed)))


def _together(kinds: Iterable[Kind]) -> Kind:
    every = list(kinds)
    return Kind(
        count=sum(kind.count for kind in every),
        failed=sum(kind.failed for kind in every),
        milliseconds=tuple(one for kind in every for one in kind.milliseconds),
    )
