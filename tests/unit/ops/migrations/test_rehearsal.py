"""What a rehearsal makes of what it measured, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import pytest

from ops.commands.migrations.rehearse import markdown, notes, rows, shown
from ops.doors.postgres import Scratch
from ops.migrations.applying import APPLIED, Step, apply
from ops.migrations.before import new_failures
from ops.migrations.findings import Finding
from ops.migrations.lint import Linted, Report
from ops.migrations.locks import Lock, read, strongest
from ops.migrations.plan import Planned, in_the_way, plan
from ops.migrations.rehearsal import Copy, Problem, Rehearsal
from ops.migrations.schema import Snapshot, lost

HELD = {
    "table": "shop_item",
    "mode": "AccessExclusiveLock",
    "milliseconds": 250.0,
    "statement": "ALTER",
    "sampled": False,
}
DONE = Rehearsal(
    "staging",
    "0123456789ab",
    same_packages=True,
    copy=Copy(8_100_000, {"public.shop_item": 20_000, "public.shop_owner": 3}, 1.5),
    steps=(
        Step(
            "shop.0002_more",
            260.4,
            read([HELD, HELD | {"mode": "ShareLock"}, HELD | {"table": "shop_owner", "milliseconds": 0.4}]),
            {"shop_item": 20_000},
        ),
        Step("shop.0003_rows", 12.0, (), {}),
    ),
    problems=(
        Problem("lock", "shop.0002_more", "for too long"),
        Problem("lock", "shop.0002_more", "too", "is closed"),
    ),
    reversed=True,
)


def test_each_table_has_a_line_with_its_strongest_lock() -> None:
    """Beside it how many rows it was measured at, and how many were written anew."""
    assert rows(DONE) == [
        ("shop.0002_more", "260", "ACCESS EXCLUSIVE", "shop_item", "250", 20_000, 20_000),
        ("", "", "ACCESS EXCLUSIVE", "shop_owner", "< 1", 3, ""),
        ("shop.0003_rows", "12", "none", "", "", "", ""),
    ]


def test_a_pull_request_is_told_what_is_in_the_way_first() -> None:
    """In bold; then the table, and what its figures are worth."""
    lines = markdown(DONE)

    assert lines[0] == "**Rehearsal**: 2 applied to a copy of staging: 1 in the way of a release"
    assert lines[2:4] == [
        "- **shop.0002_more  lock  for too long**",
        "- shop.0002_more  lock  too (accepted: is closed)",
    ]
    assert notes(DONE) == [
        "copy of staging: 8.1 MB, copied in 1.5 s; most rows: shop_item 20,000, shop_owner 3",
        "few rows in shop_owner: how long a lock is held says little there",
        "the way back was gone, and nothing that was there is lost",
    ]
    other = replace(DONE, one_way=("shop.0003_rows",), same_packages=False, unasked=("GET /: HTTP 404",))
    assert notes(other)[-3:] == [
        "0123456789ab has other packages, and was run with this checkout's",
        "0123456789ab does not answer this on its own schema either: GET /: HTTP 404",
        "no way back: shop.0003_rows",
    ]


def test_programs_are_told_all_of_it() -> None:
    """Each lock with its statement, and whether it blocks."""
    told = shown(DONE)

    migrations = told["migrations"]
    assert isinstance(migrations, list)
    assert [lock["blocks"] for lock in migrations[0]["locks"]] == [True, True, False]
    assert told["copy"] == {
        "bytes": 8_100_000,
        "seconds": 1.5,
        "rows": {"public.shop_item": 20_000, "public.shop_owner": 3},
        "made_up": False,
    }


@pytest.mark.parametrize(
    ("mode", "milliseconds", "blocks"),
    [
        ("AccessExclusiveLock", 200.0, False),
        ("AccessExclusiveLock", 200.1, True),
        ("ShareLock", 201.0, True),
        ("ShareUpdateExclusiveLock", 9000.0, False),
        ("RowExclusiveLock", 9000.0, False),
    ],
)
def test_a_lock_blocks_when_writers_wait_for_too_long(mode: str, milliseconds: float, blocks: bool) -> None:
    """What lets them write may be held for as long as it takes."""
    assert Lock("a", mode, milliseconds, "").blocks is blocks


def test_a_weaker_lock_that_is_held_longer_still_counts() -> None:
    """The strongest is shown, and each is judged."""
    locks = read([HELD | {"milliseconds": 1.0}, HELD | {"mode": "ShareLock", "milliseconds": 900.0}])

    assert [lock.name for lock in strongest(locks)] == ["ACCESS EXCLUSIVE"]
    assert [lock.name for lock in locks if lock.blocks] == ["SHARE"]


def test_what_the_release_before_could_not_do_either_is_not_held_against_it() -> None:
    """Only what worked can break."""
    assert new_failures({"GET /a": "HTTP 500"}, {"GET /a": "HTTP 500", "GET /b": "HTTP 500"}) == {
        "GET /b": "HTTP 500"
    }


def test_a_loss_is_rows_columns_tables_or_what_they_say() -> None:
    """More rows are none, and neither are more columns."""
    before = Snapshot(
        {"public.a": ("x", "y"), "public.b": ("x",), "public.c": ("x",), "public.d": ("x",), "public.e": ("x",)},
        {"public.a": 1, "public.b": 2, "public.c": 3, "public.d": 4, "public.e": 5},
        dict.fromkeys(("public.a", "public.b", "public.c", "public.d", "public.e"), "1"),
    )
    after = Snapshot(
        {"public.a": ("x",), "public.b": ("x", "z"), "public.c": ("x",), "public.d": ("x",)},
        {"public.a": 1, "public.b": 1, "public.c": 3, "public.d": 9},
        {"public.a": "2", "public.b": "2", "public.c": "2", "public.d": "2"},
    )

    assert lost(before, before) == []
    assert lost(before, after) == [
        "the column a.y is gone",
        "b had 2 rows and has 1",
        "the rows of c say something else",
        "the table e is gone, with 5 rows",
    ]


def test_a_release_lives_with_what_it_has_given_up_itself() -> None:
    """One that is older does not, and its record says the careful thing."""
    dropped = Finding("shop.0003", "Drop it", "drop-column", ("squawk",))
    given_up, drop, bad = plan(
        Report(
            (
                Linted("shop.0002", "", True, (), (), ()),
                Linted("shop.0003", "", True, (), (), (), ("shop.0002",)),
                Linted("shop.0004", "", False, ("DROP TABLE a",), (dropped,), ()),
            )
        )
    )

    assert in_the_way((given_up, drop), ["shop.0001", "shop.0002"]) == ()
    assert in_the_way((given_up, drop), ["shop.0001"]) == (drop,)
    assert bad == Planned("shop.0004", reversible=False, loses=True, compatible=False)
    assert [one.recorded().reversible for one in (given_up, drop, bad)] == [True, False, False]


def _step(*locks: Lock, took: float = 300.0, error: str = "") -> dict[str, Any]:
    """As the application's side tells it."""
    held = [vars(lock) for lock in locks]
    return {
        "app": "shop", "name": "0002_more", "milliseconds": took, "locks": held, "rewritten": {}, "error": error,
        "left": [],
    }  # fmt: skip


class Asked:
    """A Django that goes otherwise each time."""

    def __init__(self, *times: list[dict[str, Any]]) -> None:
        self.times = list(times)

    def ask(self, question: str, database: str = "", **about: Any) -> Any:
        return self.times.pop(0)

    def models_differ(self, database: str) -> str:
        return ""


class ScratchFake(Scratch):
    """Remembers what was copied."""

    made: ClassVar[list[str]] = []

    def create(self, name: str, *, template: str = "") -> str:
        self.made.append(f"{template} to {name}")
        return name

    def drop(self, name: str) -> None:
        """There is none."""


SLOW, QUICK = (Lock("item", "AccessExclusiveLock", held, "ALTER") for held in (900.0, 3.0))


@pytest.mark.parametrize(
    ("times", "held", "copies"),
    [
        ([[_step(QUICK)]], 3.0, 1),
        ([[_step(SLOW)], [_step(QUICK)]], 3.0, 2),
        ([[_step(SLOW)], [_step(SLOW)], [_step(SLOW)]], 900.0, 3),
        # A second statement of the same lock is another lock, and one that was carried out twice counts at its worst.
        ([[_step(QUICK, Lock("item", "AccessExclusiveLock", 800.0, "DROP"))]] * 3, 800.0, 3),
        ([[_step(QUICK, SLOW)]] * 3, 900.0, 3),
    ],
)
def test_a_lock_that_took_too_long_is_looked_at_again_on_a_fresh_copy(
    times: list[list[dict[str, Any]]], held: float, copies: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The least time counts: what is slow by itself is slow each time, and nothing makes a fast one slow for good."""
    monkeypatch.setattr(ScratchFake, "made", [])

    url, (step,) = apply(ScratchFake("", "16", "run"), "copy", Asked(*times), lambda said: None)

    assert max(lock.milliseconds for lock in step.locks) == held
    assert (url, ScratchFake.made) == (APPLIED, ["copy to applied"] * copies)


def test_one_that_fails_is_not_tried_again() -> None:
    """It fails for a reason of its own."""
    asked = Asked([_step(SLOW, error="DataError: no")], [_step(QUICK)])

    _, (step,) = apply(ScratchFake("", "16", "run"), "copy", asked, lambda said: None)

    assert (step.error, len(asked.times)) == ("DataError: no", 1)
