"""The release record."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from infra.release import Migration, Release, ReleaseError, parse

DIGEST = "sha256:" + "0f" * 32


def test_a_record_says_the_digest_and_what_was_tested() -> None:
    """Everything but the digest may be missing."""
    record = {"digest": DIGEST, "commit": "c0ffee", "migrations": ["exams.0001_initial"]}

    assert parse(json.dumps(record), parameter="/cams/staging/release") == Release(
        digest=DIGEST, commit="c0ffee", migrations=(Migration(name="exams.0001_initial"),)
    )


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ('{"digest": "latest"}', "digest: String should match"),
        ('{"commit": "c0ffee"}', "digest: is required"),
        (f'{{"digest": "{DIGEST}", "comit": "c0ffee"}}', "comit: is not a setting; did you mean `commit`?"),
        ("not json", "Invalid JSON"),
    ],
)
def test_a_record_that_cannot_be_read_stops_the_run(record: str, why: str) -> None:
    """Nothing is deployed on a guess; the message names the record and how to see its history."""
    with pytest.raises(ReleaseError) as told:
        parse(record, parameter="/cams/staging/release")

    assert why in str(told.value)
    assert str(told.value).startswith("the release record /cams/staging/release cannot be read: ")
    assert str(told.value).endswith("\n\nhint: aws ssm get-parameter-history --name /cams/staging/release")


def test_a_record_tells_where_it_came_from_and_what_a_rollback_may_cross() -> None:
    """Who, when, from where, and of each migration whether the release before it can go on with its schema."""
    record = {
        "digest": DIGEST,
        "migrations": ["exams.0001_initial", {"name": "exams.0002_seats", "reversible": False}],
        "event": "promoted",
        "by": "octocat",
        "at": "2026-11-26T15:40:00Z",
        "from": "dev",
    }

    read = parse(json.dumps(record), parameter="/cams/staging/release")

    assert read == Release(
        digest=DIGEST,
        migrations=(Migration(name="exams.0001_initial"), Migration(name="exams.0002_seats", reversible=False)),
        event="promoted",
        by="octocat",
        at=datetime(2026, 11, 26, 15, 40, tzinfo=UTC),
        source="dev",
    )
    assert parse(read.stored(), parameter="/cams/staging/release") == read
    assert '"from":"dev"' in read.stored()


def test_a_record_that_ssm_does_not_keep_is_refused_before_it_is_sent() -> None:
    """The standard tier has room for the digest and some seventy migrations."""
    many = tuple(Migration(name=f"exams.{number:04}_a_usual_name", reversible=True) for number in range(120))

    assert Release(digest=DIGEST, migrations=many[:60]).stored()
    with pytest.raises(
        ReleaseError, match=r"too long: \d{4} bytes with 120 migrations, and 3840 are allowed, of the 4096"
    ):
        Release(digest=DIGEST, migrations=many).stored()
