"""The release record."""

from __future__ import annotations

import json

import pytest

from infra.release import Release, ReleaseError, parse

DIGEST = "sha256:" + "0f" * 32


def test_a_record_says_the_digest_and_what_was_tested() -> None:
    """Everything but the digest may be missing."""
    record = {"digest": DIGEST, "commit": "c0ffee", "migrations": ["exams.0001_initial"]}

    assert parse(json.dumps(record), parameter="/cams/staging/release") == Release(
        digest=DIGEST, commit="c0ffee", migrations=("exams.0001_initial",)
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
