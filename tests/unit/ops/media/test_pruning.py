"""What a person takes out of a copy, and what nobody does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.errors import FAILED, REFUSED
from tests.unit.ops.media.world import World

PRUNE = ("backup", "media", "staging", "--prune", "30")


@pytest.fixture
def world() -> World:
    """Two copies, of which the first is of long ago and names a file that was deleted since."""
    made = World()
    made.run("backup", "media", "staging")
    del made.bucket.files["a"]
    age(made, days=40)
    made.run("backup", "media", "staging")
    return made


def age(world: World, *, days: int) -> None:
    """All that is there was put so long ago."""
    objects, when = world.backups, datetime.now(UTC) - timedelta(days=days)
    for key in list(objects.stored):
        name = key
        if "/copies/" in key:
            folder, _, run = key.rpartition("/")
            name = f"{folder}/{when:%Y%m%dT%H%M%SZ}-{run.partition('-')[2]}"
            objects.stored[name] = objects.stored.pop(key)
        objects.modified[name] = when


def test_old_copies_go_and_what_only_they_name(world: World) -> None:
    """What the newest names stays, however old it is; a second time nothing is left to do."""
    gone = world.json(*PRUNE)

    assert (len(gone["copies"]), gone["kept"], gone["objects"]) == (1, 1, 1)
    assert world.json(*PRUNE)["objects"] == 0
    world.named = ["b"]
    assert world.json("backup", "media", "staging", "--check")["complete"] is True


def test_the_newest_copy_stays_whatever_its_age(world: World) -> None:
    """The last good one is never pruned."""
    age(world, days=100)

    assert world.json(*PRUNE)["kept"] == 1
    assert world.json("restore", "media", "staging")["same"] == 1


def test_bytes_that_were_just_put_stay(world: World) -> None:
    """They may be of a run that has not finished."""
    objects = world.backups
    for key in objects.stored:
        objects.modified[key] = datetime.now(UTC)

    assert world.json(*PRUNE)["objects"] == 0


def test_nothing_is_taken_out_on_real_clouds_without_yes(world: World) -> None:
    """Exit code 3."""
    world.is_local = False
    before = dict(world.backups.stored)

    assert world.run(*PRUNE) == REFUSED
    assert world.backups.stored == before
    assert world.run(*PRUNE, "--yes") == 0
    assert "1 copies and 1 object (1 bytes) taken out" not in world.told.getvalue()
    assert "taken out; 1 copies stay" in world.told.getvalue()


def test_nothing_is_taken_out_where_an_inventory_that_stays_cannot_be_read(world: World) -> None:
    """Nobody knows what it names."""
    age(world, days=10)
    newest = max(key for key in world.backups.stored if "/copies/" in key)
    world.backups.stored[newest] = b"damaged"
    before = dict(world.backups.stored)

    assert world.run(*PRUNE) == FAILED
    assert world.backups.stored == before


def test_without_any_copy_nothing_is_taken_out() -> None:
    """Likewise."""
    assert World().run(*PRUNE) == REFUSED


def test_a_folder_is_pruned_with_its_sealed_inventories(tmp_path: Path) -> None:
    """Those of the backup bucket go, too."""
    world = World()
    target = ("--target", str(tmp_path))
    for _ in range(2):
        world.run("backup", "media", "staging", *target)
    age(world, days=40)
    world.run("backup", "media", "staging", *target)

    gone = world.json(*PRUNE, *target)

    assert (len(gone["copies"]), gone["kept"], gone["objects"]) == (2, 1, 0)
    assert len([key for key in world.backups.stored if "/copies/" in key]) == 1


def test_a_program_cannot_say_what_is_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to do instead is said."""
    (tmp_path / "rclone").write_text("#!/bin/sh\nexit 0\n")
    (tmp_path / "rclone").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    assert World().run(*PRUNE, "--target", "rclone:a:b") == REFUSED
