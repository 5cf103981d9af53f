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
from ops.drills.report import Opened, Outcome, Step, Who
from ops.drills.signature import sign, written
from tests.support.drill_fakes import IDENTITY, report
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


def drilled(scene: Scene, day: int, recipient: str, *, by: Who = "recovery", restored: Outcome = "passed") -> None:
    """Leave the signed report of a drill with that key."""
    name, step = f"2026030{day}T042300Z-000000", Step(name="restore", title="restore it", outcome=restored, seconds=1)
    opened, started = Opened(by=by, recipient=recipient), datetime(2026, 3, day, 4, 23, tzinfo=UTC)
    one = report(id=name, started=started, opened=opened, steps=(step,))
    scene.store(f"drills/staging/{name}.json", written(sign(one, IDENTITY)), HOUR)


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
    """None is a warning; so is each that has never opened anything."""
    scene = Scene()
    scene.backup(HOUR)
    assert "no recovery key is named" in look(scene).warnings[0]
    assert lines(look(scene), "")["recovery"] == "no key is named"
    assert data(look(scene))["recovery_keys"] == []

    scene.recipients = ("age1one", "age1two")
    scene.alarms = {scene.place.stack.names.alarm("no-backup"): "OK"}
    drilled(scene, 1, "age1one")
    drilled(scene, 2, "age1operational", by="operational")
    scene.store("drills/staging/20260309T042300Z-000000.json", b"{", HOUR)
    found = look(scene)

    (warning,) = found.warnings
    assert warning.startswith("recovery key age1two never opened a backup in a drill: ./slipway drill ENV --key")
    assert data(found)["recovery_keys"] == [
        {"recipient": "age1one", "opened": "2026-03-01T04:23:00Z"},
        {"recipient": "age1two", "opened": None},
    ]
    told = lines(found, "")
    assert told["recovery key 1"] == "age1one last opened a backup in a drill at 2026-03-01T04:23:00Z"
    assert told["recovery key 2"] == "age1two never opened one in a drill"
    assert told["alarms"] == "cams-staging-no-backup OK"


def test_a_key_has_opened_a_backup_only_where_a_signed_report_says_that_it_was_restored() -> None:
    """Neither a drill that was broken off before, nor a report that somebody has changed; the newest one counts."""
    scene = Scene()
    scene.backup(HOUR)
    scene.recipients = ("age1one",)
    drilled(scene, 3, "age1one", restored="failed")
    drilled(scene, 4, "age1one")
    name = next(reversed(scene.objects.stored))
    scene.objects.stored[name] = scene.objects.stored[name].replace(b"21.5", b"21.4")
    assert look(scene).recovery_keys == {"age1one": None}

    drilled(scene, 1, "age1one")
    drilled(scene, 2, "age1one")
    assert look(scene).recovery_keys == {"age1one": datetime(2026, 3, 2, 4, 23, tzinfo=UTC)}


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
