"""Migrations are applied to a copy of real rows, measured, lived with by the release before, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

import pytest

from console.errors import ExplainedError
from infra.application import APPLICATION
from ops.doors import postgres
from ops.doors.application import Django
from ops.doors.postgres import Scratch
from ops.migrations.before import Before
from ops.migrations.rehearsal import Ground, Problem, Rehearsal, on_copy
from tests.contract.ops.migrations.conftest import ITEMS
from tests.support.django_project import Project

APP = replace(
    APPLICATION,
    web="python serve.py",
    health="/health/",
    release="/health/",
    smoke=MappingProxyType({"/health/": 200, "/items/": 200}),
)
Rehearse = Callable[[], Rehearsal]


@pytest.fixture
def rehearse(scratch: Scratch, copy: str, released: Project, next_one: Project) -> Rehearse:
    """All of it."""

    def rehearse() -> Rehearsal:
        old = Before("0123456789abcdef", Django(released.root, {}), APP, same_packages=True)
        ground = Ground(scratch, copy, postgres.rows, lambda said: None)
        return on_copy(ground, Django(next_one.root, {}), old, "dev", 0.1)

    return rehearse


def _but_locks(done: Rehearsal) -> list[Problem]:
    """Any lock may be held for long where the machine is busy with something else."""
    return [problem for problem in done.problems if problem.rule != "lock"]


def test_a_good_migration_is_applied_lived_with_and_taken_back(next_one: Project, rehearse: Rehearse) -> None:
    """With the lock that it takes and the rows that it was tried on."""
    next_one.migration("shop", "0002_size", 'migrations.AddField("Item", "size", models.IntegerField(null=True))')

    done = rehearse()

    (step,) = done.steps
    assert (_but_locks(done), done.reversed, done.one_way) == ([], True, ())
    assert [(lock.table, lock.name) for lock in step.locks] == [("shop_item", "ACCESS EXCLUSIVE")]
    assert 0 < step.locks[0].milliseconds <= step.milliseconds
    assert step.rewritten == {}
    assert (done.copy.rows["public.shop_item"], done.copy.rows["public.shop_owner"]) == (ITEMS, 1)
    assert done.copy.size > 1_000_000


def test_a_column_that_the_release_before_reads_is_missed_by_it(next_one: Project, rehearse: Rehearse) -> None:
    """By its model and by its request, each with the reason; the way back cannot bring the rows."""
    next_one.migration("shop", "0002_note", 'migrations.RemoveField("Item", "note")')

    done = rehearse()

    assert done.reversed is False
    assert [(one.rule, one.migration, one.what) for one in _but_locks(done)] == [
        *(
            ("code-before", "shop.0002_note", f"shop.Item: {action}: column {column} does not exist")
            for action, column in (
                ("read", "shop_item.note"),
                ("insert", "shop_item.note"),
                ("update", "shop_item.note"),
                ("delete", "shop_item.note"),
            )
        ),
        (
            "code-before",
            "shop.0002_note",
            "GET /items/: HTTP 500 instead of 200: Server Error (500) Server Error (500)",
        ),
        ("reverse", "shop.0002_note", "the rows of shop_item say something else"),
    ]


def test_a_row_that_the_release_before_can_no_longer_insert_is_found(next_one: Project, rehearse: Rehearse) -> None:
    """Though every page answers; a reason beside the migration lets it pass, and is shown."""
    add = 'migrations.AddField("Item", "size", models.IntegerField(default=1))'
    next_one.migration("shop", "0002_size", add, before='ACCEPTED = {"code-before": "nobody adds items any more"}')

    done = rehearse()

    assert [(one.what.partition(":")[2].strip()[:43], one.accepted) for one in _but_locks(done)] == [
        ('insert: null value in column "size" of rela', "nobody adds items any more")
    ]
    assert ([one for one in _but_locks(done) if not one.accepted], done.reversed) == ([], True)


def test_rows_that_the_way_back_does_not_bring_back_are_a_loss(next_one: Project, rehearse: Rehearse) -> None:
    """A reverse that does nothing is not one."""
    wipe = """migrations.RunSQL("UPDATE shop_item SET note = 'x'", migrations.RunSQL.noop)"""
    next_one.migration("shop", "0002_wipe", wipe)

    done = rehearse()

    assert [(one.rule, one.what) for one in _but_locks(done)] == [
        ("reverse", "the rows of shop_item say something else")
    ]
    assert done.reversed is False


def test_a_migration_in_a_transaction_leaves_nothing(next_one: Project, rehearse: Rehearse) -> None:
    """And nothing after it is tried."""
    next_one.migration(
        "shop",
        "0002_bad",
        'migrations.AddField("Item", "a", models.IntegerField(null=True)), migrations.RunSQL("SELECT nothing", "")',
    )
    next_one.migration("shop", "0003_after", 'migrations.AddField("Item", "b", models.IntegerField(null=True))')

    done = rehearse()

    assert [(one.rule, one.migration, one.what) for one in _but_locks(done)] == [
        (
            "fails",
            "shop.0002_bad",
            'ProgrammingError: column "nothing" does not exist; it has left nothing',
        )
    ]
    assert [step.migration for step in done.steps] == ["shop.0002_bad"]


def test_a_database_is_copied_whole(scratch: Scratch, released: Project) -> None:
    """By `pg_dump` into `pg_restore`, in its own words where that fails."""
    data, target = postgres.at(scratch.url, f"{scratch.run}_data"), scratch.create("filled")

    scratch.fill(target, data)

    assert postgres.rows(target, "SELECT count(*), min(title) FROM shop_item") == [(ITEMS, "t1")]
    with pytest.raises(postgres.CopyError, match="does not exist"):
        scratch.fill(target, postgres.at(scratch.url, "nosuch"))
    scratch.drop("filled")


def test_what_the_release_before_never_answered_is_told_and_not_asked_for(
    scratch: Scratch, copy: str, released: Project, next_one: Project
) -> None:
    """A page that is new; where it answers nothing at all, or does not start, nothing can be rehearsed."""
    next_one.migration("shop", "0002_size", 'migrations.AddField("Item", "size", models.IntegerField(null=True))')
    ground, new = Ground(scratch, copy, postgres.rows, lambda said: None), Django(next_one.root, {})
    old = Before("0123456789ab", Django(released.root, {}), APP, same_packages=True)
    other = replace(APP, smoke=MappingProxyType({"/health/": 200, "/new/": 200}))
    dead = replace(APP, web="python nosuch.py")

    with pytest.raises(ExplainedError, match=r"not even work with its own schema: it ended with 2: .*nosuch"):
        on_copy(ground, new, replace(old, application=dead), "dev", 0.1)
    done = on_copy(ground, new, replace(old, application=other), "dev", 0.1)

    assert [one.partition(": HTTP 404")[0] for one in done.unasked] == ["GET /new/"]
    assert (_but_locks(done), done.reversed) == ([], True)


def test_rows_that_are_made_up_fill_every_table(scratch: Scratch, released: Project) -> None:
    """So that a migration is rehearsed at many rows where nobody's data may be read."""
    url, django = scratch.create("made"), Django(released.root, {})
    django.ask("apply", url)

    failed = django.ask("fill", url, rows=30)

    tables = ("shop_owner", "shop_item")
    assert failed == {}
    assert [postgres.rows(url, f"SELECT count(*), count(DISTINCT id) FROM {table}") for table in tables] == [  # noqa: S608 - ours
        [(30, 30)]
    ] * 2
    scratch.drop("made")
