"""What goes when, and what is removed: never a backup."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from ops.backups.manifest import new_id
from ops.backups.prune import Pruned, prune
from ops.doors.leftovers import Leftovers, Unfinished
from tests.unit.ops.backups.scene import NOW, Scene

DAY = timedelta(days=1)


def pruned(scene: Scene, *, yes: bool = False) -> Pruned:
    """That scene."""
    return prune(scene.place, cast("Leftovers", scene.leftovers), yes=yes)


def test_rules_remove_backups_and_this_removes_none() -> None:
    """The last good one is named."""
    scene = Scene()
    scene.backup(3 * DAY, "monthly")
    newest = scene.backup(DAY)
    before = dict(scene.objects.stored)

    found = pruned(scene, yes=True)

    days = scene.place.stack.backups.days
    assert {one.backup.retention: one.at for one in found.leaving} == {
        "monthly": NOW + timedelta(days=days["monthly"] - 3),
        "daily": NOW + timedelta(days=days["daily"] - 1),
    }
    assert [one.backup.id for one in found.leaving if one.is_last_good] == [newest.id]
    assert scene.objects.stored == before
    assert not found.done


def test_only_what_never_became_a_backup_is_removed() -> None:
    """And only when nobody is at work on it any more; a lock is told."""
    scene = Scene()
    scene.backup(3 * DAY, "monthly")
    old, young = new_id(NOW - 2 * DAY, "aaaaaa"), new_id(NOW - DAY / 2, "bbbbbb")
    for name, before in ((old, 2 * DAY), (young, DAY / 2)):
        scene.store(f"daily/staging/{name}/data-01", b"xx", before)
    scene.leftovers.there = [
        Unfinished(f"daily/staging/{old}/data-02", "1", NOW - 2 * DAY),
        Unfinished(f"daily/staging/{young}/data-02", "2", NOW - DAY / 2),
        Unfinished("daily/staging/other", "3", NOW - 9 * DAY),
    ]
    scene.leftovers.locks = {f"daily/staging/{old}/data-01": NOW + DAY}
    left = set(scene.objects.stored)

    asked = pruned(scene)
    assert [(one.id, one.size, len(one.uploads)) for one in asked.leftovers] == [(old, 2, 1)]
    assert set(scene.objects.stored) == left

    done = pruned(scene, yes=True)
    assert done.done
    assert done.locked == {f"daily/staging/{old}/data-01": NOW + DAY}
    assert left - set(scene.objects.stored) == {f"daily/staging/{old}/data-01"}
    assert [one.upload for one in scene.leftovers.there] == ["2", "3"]
