"""The application's own migrations keep to the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.application import APPLICATION
from ops.context import Context
from ops.doors.postgres import Scratch
from ops.doors.programs import ROOT
from ops.environments.stacks import load
from ops.migrations import look
from ops.migrations.lint import Report
from ops.migrations.plan import in_the_way, pending, plan


@pytest.fixture(scope="module")
def report() -> Report:
    """Each of its migrations and of its packages', told against a release that has those before it."""
    return look.everything(Context())


def _own(report: Report) -> list[str]:
    return [one.key for one in report.migrations if Path(one.file).is_relative_to(ROOT / APPLICATION.root)]


def test_each_of_them_keeps_to_the_rules(report: Report) -> None:
    """Or says beside itself which it breaks, and why that is all right."""
    own = _own(report)

    assert own
    assert [finding for finding in report.findings if finding.migration in own] == []


def test_the_models_say_what_the_migrations_bring_about(scratch: Scratch) -> None:
    """As they are now."""
    django = look.application(Context(), load("dev"))

    assert django.models_differ(scratch.create("drift")) == ""


def test_a_plan_tells_what_stands_in_the_way_of_a_release_before(report: Report) -> None:
    """Django itself once dropped a column; what a release has had is in nobody's way."""
    planned = plan(report)
    dropped = "contenttypes.0002_remove_content_type_name"
    before = [one.key for one in planned if one.key != dropped]

    assert len(planned) >= len(_own(report)) + 30
    assert [one.key for one in pending(planned, before)] == [dropped]
    assert [one.key for one in in_the_way(planned, before)] == [dropped]
    assert in_the_way(planned, [dropped, *before]) == ()
