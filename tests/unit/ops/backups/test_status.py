"""How backups stand, told from the bucket alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from console.errors import ExplainedError
from ops.backups import schedule
from ops.backups.manifest import new_id
from ops.backups.status import Status, status
from ops.commands.backup.status import data, lines
from ops.doors.leftovers import Leftovers, Unfinished
from tests.unit.ops.backups.scene import NOW, Scene

HOUR = timedelta(hours=1)


def look(scene: Scene) -> Status:
    """At that scene."""
    return status(scene.place, cast("Leftovers", scene.leftovers))


def fail(scene: Scene, before: timedelta, why: str = "the database was gone") -> str:
    """Leave the mark of one that failed."""
    name = new_id(NOW - before, "ffffff")
    mark = {"id": name, "started": str(NOW - before), "failed": str(NOW - before), "why": why}
    scene.store(f"failed/staging/{name}.json", json.dumps(mark).encode(), before)
    return name


def test_none_is_not_fresh() -> None:
    """Neither old nor failed: nobody has made one yet."""
    found = look(Scene())

    assert (found.verdict, found.is_fresh, found.newest) == ("none", False, None)
    assert lines(found, "37 1 * * *")["newest"] == "none"
    assert data(found)["newest"] is None


def test_a_young_one_is_fresh_and_an_old_one_is_not() -> None:
    """By the limit that the alarm has."""
    scene = Scene()
    scene.backup(40 * HOUR, "monthly")
    assert look(scene).verdict == "old"

    newest = scene.backup(2 * HOUR)
    found = look(scene)

    assert (found.verdict, found.age) == ("fresh", 2 * HOUR)
    assert data(found)["newest"]["id"] == newest.id
    assert data(found)["next"] == "2026-03-11T01:37:00Z"


def test_a_failure_is_told_apart_from_silence() -> None:
    """An old one after which a try has failed; a good one after a failure makes it history."""
    scene = Scene()
    scene.backup(40 * HOUR, "monthly")
    failed = fail(scene, 3 * HOUR)

    assert look(scene).verdict == "failed"
    assert lines(look(scene), "")["failed"].startswith(f"{failed} at 2026-03-10T09:00:00Z: the database was gone")
    scene.backup(HOUR)
    assert (look(scene).verdict, look(scene).failure) == ("fresh", None)
    fail(scene, timedelta(minutes=5))
    assert look(scene).verdict == "fresh"
    assert any("failed: the database was gone" in one for one in look(scene).warnings)


def test_one_that_is_damaged_is_no_good_one() -> None:
    """Its part is gone: the one before is the newest."""
    scene = Scene()
    before, newest = scene.backup(40 * HOUR, "monthly"), scene.backup(HOUR)
    scene.objects.delete(newest.parts[0].key)

    found = look(scene)

    assert (found.verdict, found.newest and found.newest.id) == ("old", before.id)
    assert "is not whole" in scene.talk.getvalue()


def test_one_that_is_being_made_is_seen() -> None:
    """By its parts and uploads; one that has left its mark is at work no more."""
    scene = Scene()
    name, old = new_id(NOW - HOUR, "aaaaaa"), new_id(NOW - 30 * HOUR, "bbbbbb")
    scene.store(f"daily/staging/{name}/data-01", b"x", HOUR)
    scene.store(f"daily/staging/{old}/data-01", b"x", 30 * HOUR)
    ended = fail(scene, 2 * HOUR)
    scene.leftovers.there = [Unfinished(f"daily/staging/{ended}/archive", "1", NOW - 2 * HOUR)]

    assert look(scene).running == (name,)
    assert lines(look(scene), "")["at work"] == name


def test_recovery_keys_and_alarms_are_told() -> None:
    """None is a warning; so is one that has never opened anything."""
    scene = Scene()
    scene.backup(HOUR)
    assert "no recovery key is named" in look(scene).warnings[0]

    scene.recipients = ("age1" + "q" * 58,)
    scene.alarms = {scene.place.stack.names.alarm("no-backup"): "OK"}
    assert "no recovery key has opened" in look(scene).warnings[0]
    for number, by in ((1, "recovery"), (2, "operational")):
        report = {"opened": {"by": by}, "started": f"2026-03-0{number}T04:23:00+00:00"}
        scene.store(f"drills/staging/2026030{number}T042300Z-000000.json", json.dumps(report).encode(), HOUR)
    scene.store("drills/staging/20260309T042300Z-000000.json", b"{", HOUR)
    found = look(scene)

    assert found.warnings == []
    assert found.recovery_opened == datetime(2026, 3, 1, 4, 23, tzinfo=UTC)
    assert lines(found, "")["alarms"] == "cams-staging-no-backup OK"


def test_a_mark_that_cannot_be_read_is_told() -> None:
    """With where it lies."""
    scene = Scene()
    scene.store(f"failed/staging/{new_id(NOW, 'cccccc')}.json", b"{}", HOUR)

    with pytest.raises(ExplainedError, match="cannot read failed/staging/"):
        look(scene)


@pytest.mark.parametrize(
    ("cron", "then"),
    [
        ("37 1 * * *", "2026-03-11 01:37"),
        ("*/20 * * * *", "2026-03-10 12:20"),
        ("5 12-14/2 * * *", "2026-03-10 12:05"),
        ("0 0 1 * *", "2026-04-01 00:00"),
        ("23 4 * * 1", "2026-03-16 04:23"),
        ("0 5 * * 0,7", "2026-03-15 05:00"),
        ("0 5 13 * 3", "2026-03-11 05:00"),
        ("0 5 30 2 *", None),
    ],
)
def test_the_next_time_is_as_cron_has_it(cron: str, then: str | None) -> None:
    """Lists, ranges, steps; a day of the month or of the week."""
    found: Any = schedule.after(cron, NOW)

    assert (found and f"{found:%Y-%m-%d %H:%M}") == then
