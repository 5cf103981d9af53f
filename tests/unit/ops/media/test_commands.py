"""`backup media` and `restore media`, with a cloud in memory."""

from __future__ import annotations

import json
from pathlib import Path

import pyrage
import pytest

from console.errors import DONE, FAILED, REFUSED, WRONG_USE, ExplainedError
from ops.media.backing_up import progress
from ops.media.copying import Counts
from tests.unit.ops.media.runs import RECIPIENT
from tests.unit.ops.media.world import ACCOUNT, World


@pytest.fixture
def world() -> World:
    """With two files, which the database names."""
    return World()


def test_a_copy_is_made_and_reported(world: World) -> None:
    """A second one copies what is new, and the metric says that both were finished."""
    first = world.json("backup", "media", "staging")
    world.bucket.keep("c", b"333")

    second = world.json("backup", "media", "staging")

    assert (first["copied"], first["unchanged"], first["bytes"]) == (2, 0, 3)
    assert (second["copied"], second["unchanged"], second["objects"]) == (1, 2, 3)
    assert second["target"] == f"s3://cams-staging-backups-{ACCOUNT}/media/"
    assert second["named"] == {
        "checked": 2, "missing": 0, "columns": {"exams_paper.scan": {"missing": 0, "files": []}},
    }  # fmt: skip
    assert world.metrics == [("MediaBackupCompleted", 1)] * 2
    assert any(key.endswith(f"/{second['id']}.jsonl.zst") for key in world.backups.stored)


def test_people_read_lines_of_80_columns(world: World) -> None:
    """What is named and not there is said, and fails no copy."""
    world.named.append("gone")

    assert world.run("backup", "media", "staging") == DONE

    lines = world.said.getvalue().splitlines()
    assert lines[1:] == ["2 files, 3 B", lines[2]]
    assert lines[2].startswith("2 copied (3 B), 0 unchanged, 0 gone, ")
    assert all(len(line) <= 80 for line in lines)
    assert "exams_paper.scan names 1 files that the copy does not have, such as gone" in world.told.getvalue()


def test_a_copy_that_fails_says_so_everywhere(world: World) -> None:
    """In its exit code, in the metric, and by a mark in the bucket."""
    world.run("backup", "media", "staging")

    def refuse(key: str) -> None:
        raise ExplainedError("cannot read it", "AWS refuses")

    world.bucket.on_read = refuse
    world.bucket.keep("c", b"3")

    assert world.run("backup", "media", "staging") == FAILED
    assert world.metrics[-1] == ("MediaBackupCompleted", 0)
    [mark] = [key for key in world.backups.stored if key.startswith("failed/staging/")]
    assert json.loads(world.backups.stored[mark])["why"] == "cannot read it: AWS refuses"
    world.named = []
    assert world.json("backup", "media", "staging", "--check")["objects"] == 2


def test_a_check_finds_what_is_lost_and_what_was_never_there(world: World) -> None:
    """Exit code 1, and nothing is copied."""
    world.run("backup", "media", "staging")
    assert world.json("backup", "media", "staging", "--check")["complete"] is True
    place = next(key for key in world.backups.stored if "/objects/" in key)
    del world.backups.stored[place]
    world.named.append("c")

    assert world.run("backup", "media", "staging", "--check") == FAILED
    assert "1 file lost from the copy, such as " in world.said.getvalue()
    assert "names 1 files that the copy does not have, such as c" in world.said.getvalue()
    assert world.run("backup", "media", "staging", "--check", "--json") == FAILED
    assert json.loads(world.said.getvalue())["lost"] == 1
    world.named.pop()
    assert world.json("backup", "media", "staging", "--anew")["copied"] == 2
    assert world.json("backup", "media", "staging", "--check")["complete"] is True


def test_an_inventory_that_is_damaged_is_passed_over(world: World) -> None:
    """The one before it is as good for knowing what has changed."""
    world.run("backup", "media", "staging")
    world.bucket.keep("c", b"3")
    damaged = world.json("backup", "media", "staging")["id"]
    place = next(key for key in world.backups.stored if damaged in key)
    world.backups.stored[place] = world.backups.stored[place][:-9]

    assert world.json("backup", "media", "staging")["unchanged"] == 2
    assert "it is damaged" in world.told.getvalue()


def test_a_database_that_cannot_be_asked_makes_no_copy_a_bad_one(world: World) -> None:
    """The command fails, and the copy is there."""
    world.named = []
    world.unreachable = True

    assert world.run("backup", "media", "staging") == FAILED
    assert world.metrics == [("MediaBackupCompleted", 1)]
    world.unreachable = False
    assert world.json("backup", "media", "staging")["unchanged"] == 2


def test_an_application_that_does_not_start_is_asked_next_time(world: World) -> None:
    """The copy before knows which columns name files; no copy waits for it."""
    world.starts = False
    assert world.json("backup", "media", "staging")["named"] == {"checked": 0, "missing": 0, "columns": {}}
    assert world.json("backup", "media", "staging", "--no-database")["named"] is None
    world.starts = True
    world.run("backup", "media", "staging")
    world.starts = False

    assert world.json("backup", "media", "staging")["named"]["checked"] == 2
    assert "going by the copy before" in world.told.getvalue()


def test_another_target_is_enough_for_a_restore(world: World, tmp_path: Path) -> None:
    """With the recovery key, when the backup bucket is lost; it is a copy of its own."""
    recovery = pyrage.x25519.Identity.generate()
    (tmp_path / "recovery.key").write_text(f"{recovery}\n")
    world.variables["BACKUP_RECIPIENTS"] = f"{RECIPIENT},{recovery.to_public()}"
    world.run("backup", "media", "staging")
    copied = world.json("backup", "media", "staging", "--target", f"rsync:{tmp_path}/copy")
    assert (copied["copied"], copied["target"]) == (2, f"{tmp_path}/copy")
    assert world.json("backup", "media", "staging", "--check", "--target", f"{tmp_path}/copy")["complete"]
    assert world.json("backup", "media", "staging")["unchanged"] == 2
    world.objects.clear()
    world.bucket.files.clear()

    words = ("restore", "media", "staging", "--target", f"{tmp_path}/copy", "--key", f"{tmp_path}/recovery.key")

    assert world.json(*words)["restored"] == 2
    assert {key: kept[0] for key, kept in world.bucket.files.items()} == {"a": b"1", "b": b"22"}


def test_a_restore_lists_before_it_changes_anything(world: World) -> None:
    """On real clouds nothing changes without --yes."""
    world.run("backup", "media", "staging")
    del world.bucket.files["a"]
    world.bucket.keep("b", b"damaged")
    world.is_local = False

    assert world.run("restore", "media", "staging") == REFUSED
    assert world.said.getvalue().splitlines() == ["missing    a", "different  b"]
    assert "a" not in world.bucket.files
    assert world.run("restore", "media", "staging", "--yes") == DONE
    assert world.bucket.files["b"][0] == b"22"
    assert f"2 files put back into s3://{world.bucket.name} (3 B)" in world.told.getvalue()
    assert world.json("restore", "media", "staging")["same"] == 2


def test_a_restore_finds_a_copy_of_before(world: World) -> None:
    """By its id; none is of a time before the first."""
    first = world.json("backup", "media", "staging")["id"]
    world.bucket.keep("b", b"newer")
    world.run("backup", "media", "staging")

    assert world.json("restore", "media", "staging", "--from", first)["restored"] == 1
    assert world.bucket.files["b"][0] == b"22"
    assert world.run("restore", "media", "staging", "--at", "2020-01-01") == FAILED
    assert world.run("restore", "media", "staging", "--at", "2020-01-01", "--from", first) == WRONG_USE


def test_a_folder_is_not_written_over_without_yes(world: World, tmp_path: Path) -> None:
    """What is missing there comes at once."""
    world.run("backup", "media", "staging")
    words = ("restore", "media", "staging", "--into", str(tmp_path))

    assert world.json(*words)["restored"] == 2
    (tmp_path / "a").write_text("mine")
    assert world.run(*words) == REFUSED
    assert world.json(*words, "--only-missing")["left"] == 1
    assert world.json(*words, "--yes")["restored"] == 1
    assert (tmp_path / "a").read_text() == "1"


def test_a_file_that_cannot_come_back_fails_the_restore(world: World) -> None:
    """And is named; the others are back."""
    world.run("backup", "media", "staging")
    place = next(key for key in world.backups.stored if "/objects/" in key)
    world.backups.stored[place] = b"age-encryption.org/v1\nnothing"
    world.bucket.files.clear()

    assert world.run("restore", "media", "staging") == FAILED
    assert "1 file could not be put back: run the same command again" in world.told.getvalue()
    assert len(world.bucket.files) == 1


def test_how_far_it_is_fits_80_columns(world: World) -> None:
    """Also at millions of files."""
    assert len(f"slipway: {progress(Counts(123_456_789, 0, 123_456_789, 999_900_000_000_000))}") <= 80
