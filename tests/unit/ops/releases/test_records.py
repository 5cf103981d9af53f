"""The history of releases: what is read, what is written, and what cannot be read told."""

from __future__ import annotations

import pytest

from console.errors import ExplainedError
from infra.load import from_file
from infra.release import Release
from ops.commands.release.list import row, shown
from ops.releases.records import Records
from tests.support.parameter_fakes import WRITER, Parameters

STAGING = from_file("staging")
NAME = "/cams/staging/release"
FIRST, SECOND = (Release(digest="sha256:" + sign * 64, commit="c0ffee" * 6) for sign in "ab")


def test_the_history_is_told_newest_first_and_the_newest_is_what_is_to_run() -> None:
    """Over all pages; a number is the version that SSM gave it."""
    ssm = Parameters()
    records = Records(STAGING, ssm)

    numbers = [records.put(release) for release in (FIRST, SECOND, FIRST)]

    assert numbers == [1, 2, 3]
    assert [(entry.number, entry.release) for entry in records.history()] == [(3, FIRST), (2, SECOND), (1, FIRST)]
    assert records.current() == FIRST


def test_an_environment_that_has_released_nothing_has_no_history() -> None:
    """That is no error."""
    records = Records(STAGING, Parameters())

    assert (records.current(), records.history()) == (None, [])


def test_a_record_that_cannot_be_read_hides_no_other() -> None:
    """The list says which; whoever would deploy it is told why."""
    ssm = Parameters()
    records = Records(STAGING, ssm)
    records.put(FIRST)
    ssm.put_parameter(Name=NAME, Value="latest", Overwrite=True)

    wrong, right = records.history()

    assert row(wrong) == [2, "2026-11-26 12:02", "unreadable", "", "", "somebody"]
    assert shown(wrong)["wrong"].startswith(f"the release record {NAME} cannot be read: ")
    assert row(right) == [1, "2026-11-26 12:01", "released", "sha256:" + "a" * 12, "c0ffeec", "somebody"]
    assert (shown(right)["digest"], shown(right)["writer"]) == (FIRST.digest, WRITER)
    with pytest.raises(ExplainedError, match=f"^the release record {NAME} cannot be read: "):
        records.current()
