"""`restore db`, `undo` and `confirm`, as people and programs see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from console.errors import DONE, REFUSED, WRONG_USE
from ops.backups.place import Place
from ops.commands.restore import db
from ops.restores.recovery import Recovered
from ops.restores.restoring import Restored, Wish
from ops.restores.swap import kept, swap
from tests.unit.ops.restores.scene import LIVE, NOW, Scene

BACKUP = "20261127T030000Z-ab12cd"
BESIDE = Restored(
    "staging", BACKUP, "cams_staging_restored_x", "", 4.2, compared=True, notes=["one is computed anew"]
)
IN_PLACE = Restored("staging", BACKUP, LIVE, "cams_staging_before_x", 4.2, compared=True)


@pytest.fixture
def wished(monkeypatch: pytest.MonkeyPatch) -> list[Wish]:
    """What was asked of a restore, which only says that it went well."""
    heard = list[Wish]()

    def restore(place: Place, wish: Wish) -> Restored:
        heard.append(wish)
        return IN_PLACE if wish.in_place else BESIDE

    monkeypatch.setattr(db, "restore", restore)
    return heard


def swapped() -> Scene:
    """After a restore in place."""
    scene = Scene()
    scene.server.noted["new"] = ""
    swap(scene.server, LIVE, "new", BACKUP, NOW)
    return scene


def test_a_restore_beside_says_where_it_is(wished: list[Wish]) -> None:
    """For programs, and what is to be known of it for people."""
    scene = Scene()

    told = scene.json("db", "staging", BACKUP, "--into", "copy", "--jobs", "3")

    assert told == {
        "environment": "staging", "source": BACKUP, "database": BESIDE.database, "seconds": 4.2, "compared": True,
    }  # fmt: skip
    assert wished == [Wish(BACKUP, "copy", jobs=3)]
    assert scene.said.getvalue().endswith("slipway: one is computed anew\n")


def test_a_restore_in_place_says_what_is_kept_and_what_comes_next(wished: list[Wish]) -> None:
    """The ways on and back are commands that can be copied."""
    scene = Scene()

    assert scene.run("db", "staging", "--in-place", "--yes", "--database", LIVE) == DONE

    (wish,) = wished
    assert (wish.what, wish.in_place, wish.yes, wish.database) == ("", True, True, LIVE)
    assert wish.jobs >= 2
    assert "kept         cams_staging_before_x\n" in scene.printed.getvalue()
    said = scene.said.getvalue()
    assert f"{BACKUP} is live; the database of before is kept as cams_staging_before_x" in said
    assert "./slipway maintenance off staging" in said
    assert "./slipway restore confirm staging removes what is kept; ./slipway restore undo" in said


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["--in-place"], REFUSED, "nothing there changes without --yes"),
        (["--in-place", "--yes"], REFUSED, "the database's name was not typed"),
        (["--in-place", "--yes", "--database", "cams"], REFUSED, "`cams` is not the database's name"),
        (["--in-place", "--yes", "--database", LIVE], REFUSED, "staging is not in maintenance"),
        (["--in-place", "--into", "copy"], WRONG_USE, "--into names a new database"),
        (["--into", LIVE], WRONG_USE, f"{LIVE} is restored by --in-place"),
        (["--into", "Copy;"], WRONG_USE, "by small letters, digits and _"),
        (["nothing.dump"], WRONG_USE, "neither a backup's id nor a file that is there"),
        ([BACKUP], WRONG_USE, f"no backup {BACKUP} of staging"),
        (["--to-time", "noon"], WRONG_USE, "`noon` is no time"),
        (["--to-time", "2026-11-27T03:00:00Z", "--in-place"], WRONG_USE, "goes with no other way to restore"),
        (["--to-time", "2026-11-27T03:00:00Z", BACKUP], WRONG_USE, "goes with no other way to restore"),
        (["--jobs", "-1"], WRONG_USE, "'--jobs'"),
    ],
)
def test_what_is_not_meant_or_wrong_is_refused(words: list[str], code: int, why: str) -> None:
    """Before anything is touched, with nothing on stdout."""
    scene = Scene()

    assert scene.run("db", "staging", *words) == code

    assert why in scene.said.getvalue()
    assert scene.printed.getvalue() == ""
    assert scene.server.noted == {LIVE: ""}


@pytest.mark.parametrize(
    ("break_it", "words", "why"),
    [
        (lambda scene: setattr(scene.server, "creates", False), [], "may not make databases"),
        (lambda scene: scene.server.noted.update(copy=""), ["--into", "copy"], "there is a database copy already"),
        (lambda scene: setattr(scene.server, "owner", False), ["--in-place"], "belongs to another role"),
    ],
    ids=["no right", "taken", "not ours"],
)
def test_what_a_server_does_not_let_us_do_is_refused(
    break_it: Callable[[Scene], Any], words: list[str], why: str, tmp_path: Path
) -> None:
    """Also with all that says that it is meant."""
    scene, dump = Scene(), tmp_path / "a.sql"
    dump.write_text("SELECT 1;\n")
    scene.rest()
    break_it(scene)
    meant = ["--yes", "--database", LIVE] if "--in-place" in words else []

    assert scene.run("db", "staging", str(dump), *words, *meant) == REFUSED

    assert why in scene.said.getvalue()


def test_a_restore_to_a_moment_says_which_instance_it_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """And where it is written how its data becomes the environment's."""
    scene, asked = Scene(), list[datetime]()

    def recover(place: Place, moment: datetime) -> Recovered:
        asked.append(moment)
        return Recovered("dpg-2", "cams-staging-db-then", "available")

    monkeypatch.setattr(db, "recover", recover)

    told = scene.json("db", "staging", "--to-time", "2026-11-27T03:00:00")

    assert told == {"id": "dpg-2", "name": "cams-staging-db-then", "status": "available"}
    assert asked == [datetime(2026, 11, 27, 3, tzinfo=UTC)]
    assert "docs/runbooks/restore.md" in scene.said.getvalue()


def test_undo_brings_back_what_was_there_before() -> None:
    """In maintenance, with the name typed; what was restored is kept, and a second undo has nothing to do."""
    scene = swapped()
    scene.rest()
    (before,) = kept(scene.server, LIVE)

    told = scene.json("undo", "staging", "--yes", "--database", LIVE)

    assert (told["database"], told["was"]) == (LIVE, before.name)
    assert set(scene.server.noted) == {LIVE, told["kept"]}
    assert f"{LIVE} is again what it was before the restore" in scene.said.getvalue()
    assert scene.run("undo", "staging", "--yes", "--database", LIVE) == REFUSED
    assert "there is nothing to undo" in scene.said.getvalue()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "this would undo the restore of cams_staging of staging in place"),
        (["--yes"], "the database's name was not typed"),
        (["--yes", "--database", LIVE], "staging is not in maintenance"),
    ],
)
def test_undo_needs_all_that_says_that_it_is_meant(words: list[str], why: str) -> None:
    """As the restore itself."""
    scene = swapped()
    before = dict(scene.server.noted)

    assert scene.run("undo", "staging", *words) == REFUSED

    assert why in scene.said.getvalue()
    assert scene.server.noted == before


def test_confirm_removes_what_is_kept_once_it_is_told_to() -> None:
    """It names it before; where nothing is kept, it says so."""
    scene = swapped()
    (before,) = kept(scene.server, LIVE)

    assert scene.run("confirm", "staging") == REFUSED
    assert f"this would remove {before.name} for good" in scene.said.getvalue()
    assert "hint: ./slipway restore confirm staging --yes" in scene.said.getvalue()

    assert scene.json("confirm", "staging", "--yes") == {"database": LIVE, "removed": [before.name]}
    assert set(scene.server.noted) == {LIVE}

    assert scene.json("confirm", "staging") == {"database": LIVE, "removed": []}
    assert f"nothing is kept beside {LIVE}" in scene.said.getvalue()
