"""What `maintenance on`, `off` and `status` say, and how they end."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from console.errors import ExplainedError
from ops.__main__ import main
from ops.maintenance.until import moment
from tests.support.maintenance_fakes import JOB, PAGE, WORKER, Site

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def run(site: Site, *words: str) -> tuple[int, str]:
    """The exit code, and what it printed."""
    site.data.seek(0)
    site.data.truncate()
    return main(["maintenance", *words], site.context()), site.data.getvalue()


def test_nothing_is_taken_away_without_yes(capsys: pytest.CaptureFixture[str]) -> None:
    """On real clouds; the refusal says what to repeat."""
    site = Site()

    code, _ = run(site, "on", "staging")

    assert (code, site.changes) == (3, [])
    assert "./slipway maintenance on staging --yes" in capsys.readouterr().err


def test_status_tells_all_of_it_to_programs() -> None:
    """Who, since when, until when, why, and what rests by whom."""
    site = Site(suspended={JOB})
    run(site, "on", "staging", "--yes", "-m", "a restore", "--until", "2999-01-01T00:00Z")

    code, said = run(site, "status", "staging", "--json", "--expect", "on")

    found = json.loads(said)
    assert code == 0
    assert (found["maintenance"], found["page"], found["why"]) == ("on", PAGE, "a restore")
    assert (found["by"], found["until"]) == ("somebody", "2999-01-01T00:00:00Z")
    assert (found[WORKER], found[JOB]) == ("paused", "suspended by somebody")


def test_off_ends_it() -> None:
    """And a status that expects that is content."""
    site = Site()
    run(site, "on", "staging", "--yes")

    assert run(site, "off", "staging")[0] == 0

    assert run(site, "status", "staging", "--expect", "off")[0] == 0
    assert run(site, "status", "staging", "--expect", "on")[0] == 1


def test_half_a_maintenance_fails_the_status() -> None:
    """Somebody has shown the page by hand, or a worker was resumed."""
    site = Site(shown=True)

    code, said = run(site, "status", "staging")

    assert code == 1
    assert "half" in said


def test_one_that_lasts_too_long_fails_the_status() -> None:
    """It was meant to be over."""
    site = Site()
    run(site, "on", "staging", "--yes")
    [record] = site.ssm.versions["/cams/staging/maintenance"]
    record["Value"] = json.dumps(json.loads(record["Value"]) | {"until": "2026-01-01T00:00:00Z"})

    assert run(site, "status", "staging")[0] == 1
    assert "meant to be over" in site.talk.getvalue()


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("30m", (27, 12, 30)),
        ("2h", (27, 14, 0)),
        ("14:30", (27, 14, 30)),
        ("9:00", (28, 9, 0)),
        ("2026-11-27T16:00+01:00", (27, 15, 0)),
        ("2026-11-27T13:00", (27, 13, 0)),
    ],
)
def test_an_end_is_said_as_people_do(words: str, then: tuple[int, int, int]) -> None:
    """In UTC where it does not say."""
    said = moment(words, NOW).astimezone(UTC)

    assert (said.day, said.hour, said.minute) == then


@pytest.mark.parametrize("words", ["soon", "25:00", "2020-01-01T00:00", "2h30"])
def test_what_is_no_end_is_refused(words: str) -> None:
    """With how one is said."""
    with pytest.raises(ExplainedError, match="cannot end a maintenance"):
        moment(words, NOW)
