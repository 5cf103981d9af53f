"""A backup as it is made: what is stored, in which order, and what is left where it fails."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import pytest

from console.errors import ExplainedError
from ops.backups.create import create
from ops.backups.manifest import parse
from ops.backups.store import Store
from ops.doors.objects import Stored
from tests.support.backup_fakes import CONTENTS, RECIPIENT, FakeDatabase, Scene, relation
from tests.support.fake_objects import MemoryObjects

BIG = (relation("answer", 90 << 20), relation("attempt", 50 << 20), relation('odd"name', 2 << 20), relation("few", 9))


def test_a_small_database_is_one_archive_and_its_manifest_comes_last() -> None:
    """Whoever has age, zstd and pg_restore can read it; the manifest says what it holds."""
    scene = Scene()

    manifest = create(scene.place)

    assert list(scene.objects.stored) == [manifest.parts[0].key, manifest.key]
    [part] = manifest.parts
    assert part.key == f"monthly/staging/{manifest.id}/archive"
    assert scene.opened(part.key).startswith(b"dump of  ")
    assert part.plain_size == len(scene.opened(part.key))
    assert part.sha256 == hashlib.sha256(scene.objects.stored[part.key]).hexdigest()
    assert (manifest.mode, manifest.retention, manifest.recipients) == ("single", "monthly", (RECIPIENT,))
    assert manifest.contents == CONTENTS
    assert scene.watch.told == [("BackupCompleted", 1)]


def test_the_stored_manifest_reads_as_it_was_written() -> None:
    """With a line a table, for people."""
    scene = Scene()

    manifest = create(scene.place)

    assert parse(scene.objects.stored[manifest.key], "here") == manifest
    assert len(scene.objects.stored[manifest.key].splitlines()) > 10


def test_a_large_database_is_stored_in_parts_of_one_snapshot() -> None:
    """The schema, and as many data parts as there is work for: each table is in exactly one of them."""
    scene = Scene(FakeDatabase(BIG))

    manifest = create(scene.place)

    assert manifest.mode == "parts"
    assert [part.name for part in manifest.parts][:2] == ["schema", "data-01"]
    named = [word for words in scene.database.dumped for word in words if word.startswith("--table=")]
    left_out = [word for words in scene.database.dumped for word in words if word.startswith("--exclude-table-data=")]
    assert [word.partition("=")[2] for word in named] == [word.partition("=")[2] for word in left_out]
    assert all(words for words in scene.database.dumped)


@pytest.mark.parametrize("breaks_at", ["*", "--section=data", "--section=pre-data"])
def test_a_dump_that_fails_leaves_no_backup(breaks_at: str) -> None:
    """The newest good one stays the newest; the failure has a mark, and the metric is 0."""
    scene = Scene(FakeDatabase(BIG))
    before = create(scene.place)
    scene.database.breaks_at = breaks_at

    with pytest.raises(RuntimeError, match="pg_dump ended"):
        create(scene.place)

    kept, newest = Store(scene.objects, "staging").newest()
    assert (kept.id, newest) == (before.id, before)
    assert scene.watch.told == [("BackupCompleted", 1), ("BackupCompleted", 0)]
    [mark] = [content for key, content in scene.objects.stored.items() if key.startswith("failed/staging/")]
    assert json.loads(mark)["why"] == "pg_dump ended"


def test_contents_that_cannot_be_read_leave_no_backup() -> None:
    """A backup that nobody could compare with anything is none."""
    scene = Scene(FakeDatabase(broken_contents=ExplainedError("cannot read all of the database", "exam")))

    with pytest.raises(ExplainedError, match="cannot read all"):
        create(scene.place)

    assert Store(scene.objects, "staging").backups() == []


def test_statistics_travel_where_the_server_can() -> None:
    """PostgreSQL 18 takes them back."""
    old, new = Scene(), Scene(FakeDatabase(num=180004))

    create(old.place)
    create(new.place)

    assert old.database.dumped == [()]
    assert new.database.dumped == [("--statistics",)]


def test_a_mark_that_cannot_be_stored_hides_no_failure() -> None:
    """What went wrong first is told; the rest is a warning."""
    scene = Scene(FakeDatabase(breaks_at="*"), Gone())

    with pytest.raises(RuntimeError, match="pg_dump ended"):
        create(scene.place)

    assert "warning: cannot store" in scene.said.getvalue()


class Gone(MemoryObjects):
    """A bucket that takes nothing."""

    def put(self, key: str, chunks: Iterable[bytes], *, once: bool = True, size_hint: int | None = None) -> Stored:
        """The stream is read, as it would be."""
        b"".join(chunks)
        raise ExplainedError("cannot store", key)
