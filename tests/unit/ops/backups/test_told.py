"""What the commands on backups print, for people and for programs, and what they end with."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from console.errors import ExplainedError
from console.output import Output
from ops.backups import keys, place
from ops.backups.manifest import new_id
from ops.commands.backup.prune import prune
from ops.commands.backup.status import status
from ops.commands.backup.verify import verify
from ops.context import Context, Doors
from ops.doors.leftovers import Unfinished
from tests.unit.ops.backups.scene import NOW, OWN, Scene
from tests.unit.ops.backups.test_verify import parse

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    """What `place.of` finds."""
    one = Scene()
    monkeypatch.setattr(place, "of", lambda context, environment: one.place)
    return one


def shell(scene: Scene, data: StringIO) -> Any:
    """With that scene behind its doors."""
    doors = Doors(leftovers=lambda clients, bucket: scene.leftovers, parse_archive=parse)  # type: ignore[arg-type,return-value] # a plain object
    return SimpleNamespace(obj=Context(doors, Output(data, scene.talk), lambda: 0.0))


def test_status_ends_with_1_unless_fresh(scene: Scene) -> None:
    """And says what to do."""
    data = StringIO()
    with pytest.raises(typer.Exit):
        status(shell(scene, data), "staging", as_json=True)  # type: ignore[arg-type] # Typer hands in the enumeration
    assert json.loads(data.getvalue())["status"] == "none"
    assert "make one now: ./slipway backup create staging" in scene.talk.getvalue()

    manifest, data = scene.backup(HOUR), StringIO()
    status(shell(scene, data), "staging")  # type: ignore[arg-type] # likewise
    assert data.getvalue().startswith("status    fresh\n")
    assert manifest.id in data.getvalue()
    assert "no recovery key is named" in scene.talk.getvalue()


def test_verify_says_that_a_drill_proves_more(scene: Scene, tmp_path: Path) -> None:
    """With the key of a file."""
    manifest, data, file = scene.backup(HOUR), StringIO(), tmp_path / "key"
    keys.write(file, str(OWN), "of a test")

    verify(shell(scene, data), "staging", manifest.id[:12], file, as_json=True)  # type: ignore[arg-type] # likewise

    told = json.loads(data.getvalue())
    assert (told["backup"], told["whole"], told["opened by"]) == (manifest.id, True, "the recovery key")
    assert "./slipway drill staging" in scene.talk.getvalue()


def test_verify_without_a_key_says_what_it_has_not_proven(scene: Scene, tmp_path: Path) -> None:
    """It asks no vault, and does not call a backup whole that it has not opened."""
    manifest, data = scene.backup(HOUR), StringIO()

    verify(shell(scene, data), "staging", without_key=True, as_json=True)  # type: ignore[arg-type] # likewise

    told = json.loads(data.getvalue())
    assert (told["backup"], told["checksums hold"], told["opened by"]) == (manifest.id, True, "no key")
    assert told["stored bytes"] == manifest.size
    assert "that it can be restored" in told["not proven"]
    assert not {"whole", "tables"} & told.keys()
    assert "not proven: that a key opens it; that it unpacks" in scene.talk.getvalue()

    scene.objects.stored[manifest.parts[0].key] = bytes(manifest.size)
    with pytest.raises(ExplainedError, match="is damaged: its SHA-256"):
        verify(shell(scene, data), "staging", without_key=True)  # type: ignore[arg-type] # likewise
    with pytest.raises(ExplainedError, match="exclude each other"):
        verify(shell(scene, data), "staging", key=tmp_path, without_key=True)  # type: ignore[arg-type] # likewise


def test_prune_says_what_it_would_do(scene: Scene) -> None:
    """Nothing goes without --yes; a lock is told."""
    manifest, name = scene.backup(HOUR), new_id(NOW - 48 * HOUR, "aaaaaa")
    scene.store(f"daily/staging/{name}/data-01", b"xx", 48 * HOUR)
    scene.leftovers.there = [Unfinished(f"daily/staging/{name}/data-02", "1", NOW - 48 * HOUR)]
    scene.leftovers.locks = {f"daily/staging/{name}/data-01": NOW + HOUR}
    data = StringIO()

    prune(shell(scene, data), "staging")  # type: ignore[arg-type] # likewise
    assert f"{manifest.id}  daily" in data.getvalue()
    assert "to remove the leftovers: ./slipway backup prune staging --yes" in scene.talk.getvalue()

    data = StringIO()
    prune(shell(scene, data), "staging", yes=True, as_json=True)  # type: ignore[arg-type] # likewise
    told = json.loads(data.getvalue())
    assert told["leftovers"] == [{"id": name, "objects": 1, "uploads": 1, "bytes": 2}]
    assert (told["done"], list(told["locked"])) == (True, [f"daily/staging/{name}/data-01"])
    assert "is the last good one" in scene.talk.getvalue()
    assert "its bytes stay until 2026-03-10 13:00 UTC" in scene.talk.getvalue()
