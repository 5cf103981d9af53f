"""What both linters find in migrations, by tables of bad and good ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ops.doors import squawk
from ops.doors.application import Django
from ops.doors.postgres import Scratch
from ops.migrations.lint import Linted, Report, lint
from ops.migrations.rules import RULES
from tests.contract.ops.migrations.cases import BAD, GOOD, Case
from tests.support.django_project import Project

Look = Callable[..., Report]
SIZE = {"bad": 20, "good": 10}  # at least


@pytest.fixture(scope="module")
def linted(tmp_path_factory: pytest.TempPathFactory, scratch: Scratch) -> dict[str, Linted]:
    """All cases are apps of one project, which is linted once."""
    cases = (*BAD, *GOOD)
    project = Project(tmp_path_factory.mktemp("cases") / "project", [case.name for case in cases])
    new = [_write(project, case) for case in cases]
    django = Django(project.root, {})
    report = lint(
        django,
        scratch.create("cases"),
        django.ask("graph"),
        new,
        version="16",
        complaints=squawk.complaints,
    )
    scratch.drop("cases")
    return {one.key.partition(".")[0]: one for one in report.migrations}


def _write(project: Project, case: Case) -> str:
    if case.released:
        project.migration(case.name, "0002_released", case.released)
    before = case.before.replace("{app}", case.name)
    return project.migration(case.name, "0009_case", case.operations, before=before, atomic=case.atomic)


@pytest.mark.parametrize("case", [*BAD, *GOOD], ids=lambda case: case.name)
def test_each_migration_is_told_exactly_what_is_wrong_with_it(case: Case, linted: dict[str, Linted]) -> None:
    """Both tools under one name, with who said it; nothing of a good one."""
    found = linted[case.name].findings

    assert [(finding.rule, finding.by) for finding in found] == list(case.expected)
    assert all(finding.operation and finding.why and finding.way for finding in found)


def test_the_tables_are_large_enough() -> None:
    """And each bad one breaks a rule that is explained."""
    assert len(BAD) >= SIZE["bad"]
    assert len(GOOD) >= SIZE["good"]
    assert [case.name for case in BAD if not case.expected] == []
    assert {rule for case in BAD for rule, _ in case.expected} - set(RULES) == set()


@pytest.mark.parametrize(
    ("name", "compatible"), [("drop_column", False), ("add_unique", False), ("add_index", True), ("nullable", True)]
)
def test_a_lock_alone_does_not_break_the_release_before(
    name: str, compatible: bool, linted: dict[str, Linted]
) -> None:
    """It waits, and goes on; a column that is gone it cannot live without."""
    assert linted[name].compatible is compatible


def test_a_migration_says_whether_there_is_a_way_back_and_what_that_loses(linted: dict[str, Linted]) -> None:
    """A column that was added is dropped, with what was written to it since."""
    assert linted["python_one_way"].reversible is False
    assert linted["python_inside"].reversible is False
    assert (linted["nullable"].reversible, linted["nullable"].loses) == (
        True,
        ('ALTER TABLE "nullable_item" DROP COLUMN "size" CASCADE;',),
    )
    assert (linted["wider"].reversible, linted["wider"].loses) == (True, ())


def test_an_exception_is_taken_and_shown_with_its_reason(tmp_path: Path, look: Look) -> None:
    """The rule is named beside the migration; what it does not name stays a finding."""
    project = Project(tmp_path / "project", ["shop"])
    reason = 'ACCEPTED = {"drop-column": "no release has read it since May"}'
    new = project.migration(
        "shop",
        "0002_note",
        'migrations.RemoveField("Item", "note"), migrations.RemoveIndex("Item", "shop_title")',
        before=reason,
    )

    report = look(project.root, new)

    assert [finding.rule for finding in report.findings] == ["drop-index"]
    assert [(one.finding.rule, one.reason) for one in report.accepted] == [
        ("drop-column", "no release has read it since May")
    ]
    assert report.migrations[0].compatible


def test_a_table_that_is_new_may_be_changed_at_once(tmp_path: Path, look: Look) -> None:
    """Also by another migration: the release before does not know it."""
    project = Project(tmp_path / "project", ["shop"])
    model = (
        'migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True)), ("a", models.TextField())])'
    )
    first = project.migration("shop", "0002_new", model)
    second = project.migration(
        "shop",
        "0003_more",
        'migrations.AddField("New", "b", models.IntegerField(default=1)), migrations.RemoveField("New", "a"),'
        'migrations.AddIndex("New", models.Index(fields=["b"], name="new_b"))',
    )

    assert look(project.root, first, second).findings == ()
    assert [finding.rule for finding in look(project.root, second).findings] == [
        "not-null",
        "drop-column",
        "add-index",
    ]


def test_models_that_no_migration_brings_about_are_a_finding(tmp_path: Path, look: Look) -> None:
    """As `makemigrations --check` finds them."""
    project = Project(tmp_path / "project", ["shop"])
    project.models("shop", "class Owner(models.Model):\n    name = models.CharField(max_length=60)\n")

    findings = look(project.root, with_models=True).findings

    assert [(finding.rule, finding.by) for finding in findings] == [("models-differ", ("makemigrations --check",))]
    assert "Alter field name on owner" in findings[0].operation


def test_what_needs_a_migration_that_fails_is_not_looked_at(tmp_path: Path, look: Look) -> None:
    """The others are."""
    project = Project(tmp_path / "project", ["shop", "other"])
    bad = project.migration("shop", "0002_bad", 'migrations.RunSQL("SELECT nothing", "")')
    after = project.migration("shop", "0003_after", 'migrations.RemoveField("Item", "note")')
    other = project.migration("other", "0002_drop", 'migrations.RemoveField("Item", "note")')

    report = look(project.root, bad, after, other)

    assert [(finding.migration, finding.rule) for finding in report.findings] == [
        ("other.0002_drop", "drop-column"),
        ("shop.0002_bad", "fails"),
    ]
