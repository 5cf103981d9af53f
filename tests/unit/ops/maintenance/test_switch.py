"""Maintenance on and off: what is changed, in which order, and what a repeat mends."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from console.errors import ExplainedError
from ops.maintenance.state import is_on
from tests.support.maintenance_fakes import JOB, WEB, WORKER, Site
from tests.support.released_fakes import REAL, STAGING

ON = ["page True", f"suspend {WORKER}", f"suspend {JOB}"]
UNTIL = datetime(2030, 1, 2, 3, 4, tzinfo=UTC)


def told(site: Site) -> list[tuple[str, str]]:
    """The lines of the audit."""
    lines = [json.loads(one["Value"]) for one in site.ssm.versions.get("/cams/staging/audit", [])]
    return [(line["what"], line["outcome"]) for line in lines]


def test_it_shows_the_page_before_anything_rests() -> None:
    """No request finds an application whose workers have gone."""
    site = Site()

    state = site.maintenance().on(why="a restore", until=UNTIL)

    assert site.changes == ON
    assert state.on
    assert is_on(site.context().doors, REAL, STAGING)
    assert told(site) == [("maintenance on", "a restore")]


def test_it_is_remembered_who_and_why() -> None:
    """The record holds what `off` has to resume, before it is suspended."""
    site = Site()

    site.maintenance().on(why="a restore", until=UNTIL)

    record = site.maintenance().records.read()
    assert record is not None
    assert record.paused == (f"srv-{WORKER}", f"srv-{JOB}")
    assert str(record).startswith("by somebody since ")
    assert str(record).endswith(" until 2030-01-02 03:04 UTC: a restore")


def test_a_second_on_changes_nothing() -> None:
    """Neither at Render nor in the audit, and what was said stays."""
    site = Site()
    site.maintenance().on(why="a restore")

    site.maintenance().on()

    assert site.changes == ON
    assert len(told(site)) == 1


@pytest.mark.parametrize("done", [0, 1, 2])
def test_one_that_was_ended_half_way_is_mended_by_a_repeat(done: int) -> None:
    """And its end resumes all that it had paused."""
    site = Site(dies_after=done)
    with pytest.raises(ExplainedError, match="boom"):
        site.maintenance().on()
    assert not site.maintenance().look().on

    site.dies_after = None
    assert site.maintenance().on().on
    site.maintenance().off()

    assert (site.shown, site.suspended) == (False, set())


@pytest.mark.parametrize("done", [3, 4, 5])
def test_an_end_that_was_ended_half_way_is_mended_by_a_repeat(done: int) -> None:
    """The record goes last."""
    site = Site()
    site.maintenance().on()
    site.dies_after = done
    with pytest.raises(ExplainedError, match="boom"):
        site.maintenance().off()

    site.dies_after = None
    site.maintenance().off()

    assert (site.shown, site.suspended) == (False, set())
    assert told(site)[-1] == ("maintenance off", "done")
    assert site.maintenance().records.read() is None


def test_what_a_person_had_suspended_stays_so() -> None:
    """Only what the maintenance paused is resumed."""
    site = Site(suspended={WORKER})

    site.maintenance().on()
    site.maintenance().off()

    assert site.suspended == {WORKER}
    assert f"{WORKER} stays suspended" in site.talk.getvalue()


def test_the_page_goes_after_the_workers_are_back() -> None:
    """What a request asks of a worker is done."""
    site = Site()
    site.maintenance().on()

    site.maintenance().off()

    assert site.changes[3:] == [f"resume {WORKER}", f"resume {JOB}", "page False"]


def test_off_where_nothing_is_on_changes_nothing() -> None:
    """And asks nobody whether the application answers."""
    site = Site(status=500)

    site.maintenance().off()

    assert (site.changes, told(site)) == ([], [])


def test_an_application_that_does_not_come_back_is_told() -> None:
    """With what it answers; the page stays away until somebody puts it up."""
    site = Site(status=500)
    site.maintenance().on()

    with pytest.raises(ExplainedError, match="out of maintenance, and does not work") as refusal:
        site.maintenance().off()

    assert "answers HTTP 500" in str(refusal.value)
    assert not site.shown
    assert told(site)[-1] == ("maintenance off", "it answers HTTP 500")


def test_a_page_without_an_address_is_said() -> None:
    """Render shows its own then."""
    site = Site(page="")

    site.maintenance().on()

    assert "Render's own page is shown" in site.talk.getvalue()


def test_an_environment_that_is_not_there_is_told() -> None:
    """With the command that brings it up."""
    with pytest.raises(ExplainedError, match=f"there is no {WEB} at Render"):
        Site(there={}).maintenance().on()


def test_a_record_that_cannot_be_read_is_an_error() -> None:
    """What it paused would never be resumed."""
    site = Site()
    site.ssm.put_parameter(Name="/cams/staging/maintenance", Value="?", Type="String")

    with pytest.raises(ExplainedError, match="cannot read the maintenance of staging"):
        site.maintenance().off()


def test_a_reason_without_end_is_refused() -> None:
    """Before anything is done."""
    site = Site()

    with pytest.raises(ExplainedError, match="no room"):
        site.maintenance().on(why="x" * 9000)

    assert site.changes == []
