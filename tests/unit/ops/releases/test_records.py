"""The history of releases: what is read, what is written, and what cannot be read told."""

from __future__ import annotations

import pytest

from console.errors import REFUSED, ExplainedError
from infra.load import from_file
from infra.release import LONGEST, Migration, Release, ReleaseError
from ops.commands.release.list import row, shown
from ops.releases.records import Records
from tests.support.parameter_fakes import BEGAN, WRITER, Parameters

STAGING = from_file("staging")
NAME = "/cams/staging/release"
FIRST, SECOND, THIRD = (Release(digest="sha256:" + sign * 64, commit="c0ffee" * 6) for sign in "abc")


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


def test_what_has_passed_the_gate_stays_known_until_another_has() -> None:
    """Whatever is recorded after it; it is noted once, and nothing is of which there is no record."""
    ssm = Parameters()
    records = Records(STAGING, ssm)
    assert records.passed() is None
    records.put(FIRST)
    assert records.passed() is None

    for _ in range(2):
        records.has_passed(FIRST.digest)
    records.put(SECOND)
    records.has_passed("sha256:" + "0" * 64)

    assert (records.passed(), ssm.labelled) == (FIRST, 1)
    assert [entry.passed for entry in records.history()] == [False, True]
    records.has_passed(SECOND.digest)
    assert records.passed() == SECOND
    assert [entry.passed for entry in records.history()] == [True, False]


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


def test_of_two_who_write_at_once_the_firsts_record_stands() -> None:
    """SSM takes both; the one that came second puts the other's back and says so."""
    ssm = Parameters()
    records, other = Records(STAGING, ssm), Records(STAGING, ssm)
    number, put = records.put(FIRST), records.put

    def late(release: Release) -> int:
        records.put = put  # type: ignore[method-assign] # once
        other.put(SECOND)
        return put(release)

    records.put = late  # type: ignore[method-assign] # what happens between our look and our writing

    with pytest.raises(
        ExplainedError, match=r"^refused: another release of staging was recorded meanwhile"
    ) as refused:
        records.add(THIRD, after=number)

    assert refused.value.code == REFUSED
    assert records.current() == SECOND


@pytest.mark.parametrize("seen", [0, 2])
def test_whoever_has_not_seen_the_newest_record_writes_none(seen: int) -> None:
    """Somebody else has released meanwhile, or somebody has taken the history away."""
    records = Records(STAGING, Parameters())
    records.put(FIRST)

    with pytest.raises(ExplainedError, match="was recorded meanwhile"):
        records.add(SECOND, after=seen)

    assert records.current() == FIRST


def test_a_record_leaves_room_for_the_way_back() -> None:
    """A rollback writes a longer one: it must not fail in an emergency for what was let through in peace."""
    names = [f"exams.{number:04}_{'x' * 20}" for number in range(200)]
    fits = next(
        release
        for count in range(200, 0, -1)
        if stores(release := Release(digest=FIRST.digest, migrations=tuple(Migration(name=n) for n in names[:count])))
    )

    back = fits.again(instead_of=SECOND.digest, by="octocat as cams-staging-deploy/GitHubActions", at=BEGAN)

    assert LONGEST - 256 - 50 < len(fits.stored()) <= LONGEST - 256
    assert stores(back)


def stores(release: Release) -> bool:
    try:
        release.stored()
    except ReleaseError:
        return False
    return True


def test_a_record_without_a_time_zone_cannot_be_read() -> None:
    """Nobody knows which moment it means; to compare it with others is no error of ours."""
    ssm = Parameters()
    records = Records(STAGING, ssm)
    ssm.put_parameter(Name=NAME, Value=f'{{"digest": "{FIRST.digest}", "at": "2026-11-26T12:00:00"}}')

    with pytest.raises(ExplainedError, match="cannot be read: at: "):
        records.current()
