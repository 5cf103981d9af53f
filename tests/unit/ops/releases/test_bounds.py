"""What is worse than before, and what may be chance."""

from __future__ import annotations

import random

import pytest

from infra.gate import Gate
from ops.doors.web import NOWHERE, Visit
from ops.releases import bounds
from ops.releases.observed import KEPT, Answered, Kind, Request, counted, thinned

GATE = Gate()  # 1 % of errors more, twice as slow
LOGIN = Request("GET", "/admin/login/", 200)


def times(count: int, middle: float, seed: int, *, spread: float = 0.5) -> Kind:
    """As a busy machine answers: most near the middle, some several times as late."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    return Kind(count=count, milliseconds=tuple(int(middle * chance.lognormvariate(0, spread)) for _ in range(count)))


@pytest.mark.parametrize(
    ("failed", "count", "was", "told"),
    [
        (0, 150, (0, 30), None),
        (2, 4, (0, 30), None),  # the network's, perhaps
        (3, 4, (0, 30), "GET /: 3 of 4 failed (0 of 30 before; 1 % more are allowed)"),
        (6, 150, (0, 30), None),  # 4 %: not yet sure to be more than 1 %
        (8, 150, (0, 30), "GET /: 8 of 150 failed (0 of 30 before; 1 % more are allowed)"),
        (75, 150, (15, 30), None),  # it failed as often before
        (150, 150, (30, 30), None),
        (150, 150, (15, 30), "GET /: 150 of 150 failed (15 of 30 before; 1 % more are allowed)"),
        (5, 5, (0, 0), "GET /: 5 of 5 failed (nothing to compare with; 1 % more are allowed)"),
        (40, 3000, (0, 600), None),  # 1.3 %
        (60, 3000, (0, 600), "GET /: 60 of 3000 failed (0 of 600 before; 1 % more are allowed)"),
    ],
)
def test_failures_are_too_many_when_chance_does_not_explain_them(
    failed: int, count: int, was: tuple[int, int], told: str | None
) -> None:
    """Beyond what failed before and what is allowed."""
    before = {"GET /": Kind(failed=was[0], count=was[1])}

    assert bounds.failing(GATE, before, {"GET /": Kind(failed=failed, count=count)}) == told


def test_failures_of_all_kinds_together_count() -> None:
    """Two of each of five kinds say nothing of each, and enough of all."""
    after = {f"GET /{number}": Kind(count=30, failed=2) for number in range(5)}

    assert bounds.failing(GATE, {}, after) == (
        "all requests: 10 of 150 failed (nothing to compare with; 1 % more are allowed)"
    )


@pytest.mark.parametrize("seed", range(40))
def test_ten_times_slower_is_seen_and_noise_is_not(seed: int) -> None:
    """With as few answers as a short start leaves, on a machine whose answers vary by a factor of four."""
    before = {"GET /": times(12, 30, seed)}

    assert bounds.slower(GATE, before, {"GET /": times(60, 300, seed + 1000)}) is not None
    assert bounds.slower(GATE, before, {"GET /": times(60, 30, seed + 2000)}) is None
    assert bounds.slower(GATE, before, {"GET /": times(60, 45, seed + 3000)}) is None


def test_a_slow_kind_is_told_with_its_times() -> None:
    """The middle of each, and what is allowed; one that is four times as slow ends the look at once."""
    before, after = Kind(count=10, milliseconds=(30,) * 10), Kind(count=10, milliseconds=(300,) * 10)

    assert bounds.slower(GATE, {"GET /": before}, {"GET /": after}) == (
        "GET /: 300 ms instead of 30 ms (2 times as long is allowed)"
    )
    assert bounds.gross(GATE, {"GET /": before}, {"GET /": after}) is not None
    assert bounds.gross(GATE, {"GET /": before}, {"GET /": Kind(count=10, milliseconds=(90,) * 10)}) is None


@pytest.mark.parametrize(
    ("was", "now"),
    [((2,) * 20, (19,) * 60), ((30,) * 7, (300,) * 60), ((30,) * 20, (300,) * 7), ((), (300,) * 60)],
    ids=["unfelt", "few before", "few after", "none before"],
)
def test_too_little_says_nothing(was: tuple[int, ...], now: tuple[int, ...]) -> None:
    """Neither milliseconds that nobody feels, nor a handful of answers."""
    before, after = Kind(count=len(was), milliseconds=was), Kind(count=len(now), milliseconds=now)

    assert bounds.slower(GATE, {"GET /": before}, {"GET /": after}) is None


def test_answers_are_counted_by_their_kind_and_thinned_to_be_kept() -> None:
    """Times are those of right answers."""
    answers = [
        *(Answered(LOGIN, Visit(200, number / 1000)) for number in range(100)),
        Answered(LOGIN, Visit(500, 5)),
        Answered(LOGIN, Visit(NOWHERE, 10)),
    ]

    kinds = counted(answers)

    assert (kinds["GET /admin/login/"].count, kinds["GET /admin/login/"].failed) == (102, 2)
    assert kinds["GET /admin/login/"].milliseconds == tuple(range(100))
    kept = thinned(kinds)["GET /admin/login/"].milliseconds
    assert (len(kept) <= KEPT, kept[:3], kept[-1]) == (True, (0, 3, 6), 99)
    assert thinned(counted(answers[:10]))["GET /admin/login/"].milliseconds == tuple(range(10))
    assert thinned({"none": Kind()})["none"].milliseconds == ()
