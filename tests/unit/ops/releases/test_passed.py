"""What has passed the gate is noted at its record: the next environment promotes that."""

from __future__ import annotations

import pytest

from console.errors import ExplainedError
from infra.release import Release
from ops.releases.records import Records
from tests.support.released_fakes import NEW, OLD, STAGING, Staging, fails_on_posts, passage, released


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits: smoke requests alone decide."""
    monkeypatch.setenv("SLIPWAY_WATCH_SECONDS", "0")


def test_a_record_whose_image_has_passed_says_so() -> None:
    """What does not pass, or was recorded since and runs nowhere, does not."""
    there = Staging()
    records = Records(STAGING, there.ssm)
    records.put(Release(digest=NEW))
    assert released(there) == 0
    assert [entry.passed for entry in records.history()] == [True]

    records.put(Release(digest=OLD))
    assert passage(there).through(lambda: 0) == 0

    assert [entry.passed for entry in records.history()] == [False, True]


def test_a_record_whose_image_goes_back_has_not_passed() -> None:
    """Nor does one whose `up` has failed half-way, though all of it runs."""
    there = Staging(answers=fails_on_posts)
    records = Records(STAGING, there.ssm)
    records.put(Release(digest=NEW))
    with pytest.raises(ExplainedError):
        released(there)
    assert not any(entry.passed for entry in records.history())

    there = Staging()
    records = Records(STAGING, there.ssm)
    records.put(Release(digest=NEW))
    assert released(there, code=255) == 255
    assert not any(entry.passed for entry in records.history())
