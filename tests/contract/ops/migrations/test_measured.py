"""Each migration is timed and its locks are seen: exactly, where it runs in a transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ops.doors.application import Django
from ops.migrations.locks import LIMIT_MS, read
from tests.contract.ops.migrations.conftest import ITEMS
from tests.support.django_project import Project

BLOCKS = {
    "ROW EXCLUSIVE": False,
    "SHARE UPDATE EXCLUSIVE": False,
    "SHARE": True,
    "SHARE ROW EXCLUSIVE": True,
    "EXCLUSIVE": True,
    "ACCESS EXCLUSIVE": True,
}
"""Each mode that a table is locked in, and whether writers wait for it."""


@pytest.fixture
def apply_all(copy: str, next_one: Project) -> Callable[[], list[dict[str, Any]]]:
    """The pending migrations, as each of them went."""

    def apply_all() -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = Django(next_one.root, {}).ask("apply", copy)
        return told

    return apply_all


@pytest.fixture
def apply(apply_all: Callable[[], list[dict[str, Any]]]) -> Callable[[], dict[str, Any]]:
    """The pending migration alone."""

    def apply() -> dict[str, Any]:
        (told,) = apply_all()
        return told

    return apply


def test_a_lock_is_timed_until_the_commit(next_one: Project, apply_all: Callable[[], list[dict[str, Any]]]) -> None:
    """From the statement that takes it, also when another takes the time; too long is what writers wait for."""
    for number, mode in enumerate(BLOCKS, 2):
        next_one.migration(
            "shop",
            f"{number:04}_wait",
            f'migrations.RunSQL("SELECT pg_sleep(0.1)"), migrations.RunSQL("LOCK TABLE shop_item IN {mode} MODE"),'
            'migrations.RunSQL("SELECT pg_sleep(0.25)")',
        )

    told = apply_all()

    held = [read(one["locks"]) for one in told]
    assert [[(lock.table, lock.name, lock.blocks) for lock in locks] for locks in held] == [
        [("shop_item", mode, blocks)] for mode, blocks in BLOCKS.items()
    ]
    assert [LIMIT_MS < 250 <= lock.milliseconds for (lock,) in held] == [True] * len(BLOCKS)
    whole = [one["milliseconds"] for one in told]
    assert [lock.milliseconds <= all_of_it - 100 for (lock,), all_of_it in zip(held, whole, strict=True)] == (
        [True] * len(BLOCKS)
    )


def test_a_table_that_is_written_anew_is_told_with_its_rows(
    next_one: Project, apply: Callable[[], dict[str, Any]]
) -> None:
    """As the file of a table changes only then."""
    next_one.migration("shop", "0002_text", 'migrations.AlterField("Item", "count", models.BigIntegerField())')

    assert apply()["rewritten"] == {"shop_item": ITEMS}


def test_what_refuses_a_transaction_is_looked_at_from_outside(
    next_one: Project, apply: Callable[[], dict[str, Any]]
) -> None:
    """An index that is made concurrently lets everybody write."""
    next_one.migration(
        "shop",
        "0002_index",
        """migrations.RunSQL("CREATE OR REPLACE FUNCTION slow(text) RETURNS text IMMUTABLE LANGUAGE sql AS "
            "'SELECT pg_sleep(0.001)::text || $1'", ""),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY shop_slow ON shop_item (slow(title))", "")""",
        atomic=False,
    )

    told = apply()

    assert told["error"] == ""
    locks = [lock for lock in read(told["locks"]) if lock.sampled]
    assert [(lock.table, lock.name, lock.blocks) for lock in locks] == [
        ("shop_item", "SHARE UPDATE EXCLUSIVE", False)
    ]
    assert locks[0].milliseconds > ITEMS


def test_a_migration_that_fails_half_way_is_told_with_what_it_left(
    next_one: Project, apply: Callable[[], dict[str, Any]]
) -> None:
    """Outside of a transaction nothing is taken back."""
    next_one.migration(
        "shop",
        "0002_unique",
        """migrations.AddField("Item", "size", models.IntegerField(null=True)),
        migrations.RunSQL("CREATE UNIQUE INDEX CONCURRENTLY shop_email ON shop_item (email)", "")""",
        atomic=False,
    )

    told = apply()

    assert told["error"] == 'IntegrityError: could not create unique index "shop_email"'
    assert told["left"] == [
        "a new column shop_item.size",
        "a new invalid index shop_email",
        "the rows that it had written by then",
    ]
