"""Our own backups in a real PostgreSQL: beside the live database, in its place, back again, and interrupted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from console.errors import REFUSED, ExplainedError
from ops.backups import contents, keys
from ops.doors.postgres import at
from ops.restores import back
from tests.contract.ops.restores.conftest import World

MODES = pytest.mark.parametrize("from_bytes", [None, 0], ids=["single", "parts"])


@MODES
def test_a_backup_is_restored_into_a_new_database_that_is_the_same(world: World, from_bytes: int | None) -> None:
    """With rights, comments, settings and large objects, all of it the role's; the live one is not touched."""
    manifest = world.backup(from_bytes=from_bytes)
    world.do("DROP TABLE attempts CASCADE")

    done = world.restore()

    assert manifest.mode == ("single" if from_bytes is None else "parts")
    assert done.compared
    assert world.databases() == {world.live, done.database}
    found = contents.read(at(world.url, done.database))
    assert contents.differences(contents.Contents.model_validate(manifest.contents), found) == []
    assert world.rows("SELECT has_table_privilege('reader', 'exams', 'SELECT')", done.database) == [(True,)]
    assert world.rows("SELECT obj_description('exams'::regclass)", done.database) == [("what is sat",)]
    assert world.rows("SHOW search_path", done.database) == [('public, "$user"',)]
    owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    assert world.rows(owners, done.database) == [("app",)]
    assert world.rows("SELECT sum(count) FROM busy", done.database) == [(3000,)]
    assert world.rows("SELECT count(*) FROM pg_indexes WHERE tablename = 'attempts'", done.database) == [(2,)]
    assert world.rows("SELECT reltuples FROM pg_class WHERE relname = 'attempts'", done.database) == [(3000.0,)]


@MODES
def test_a_restore_in_place_swaps_and_undo_swaps_back(world: World, from_bytes: int | None) -> None:
    """Whoever is connected, and connects again and again, is ended; the database of before is whole all along."""
    world.backup(from_bytes=from_bytes)
    world.do("DELETE FROM attempts")
    world.do("CREATE TABLE newer ()")
    stop = threading.Event()
    visitor = threading.Thread(target=_connect_again_and_again, args=(world.url, stop))
    visitor.start()
    try:
        done = world.in_place()
    finally:
        stop.set()
        visitor.join()

    assert world.rows("SELECT count(*) FROM attempts") == [(3000,)]
    assert world.rows("SELECT to_regclass('newer') IS NOT NULL", done.kept) == [(True,)]
    note = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    assert world.rows(note) == [("ours",)]

    again = world.in_place()
    assert (again.again, again.kept) == (True, done.kept)

    undone = back.undo(world.place, yes=True, typed=world.live)
    assert world.rows("SELECT count(*) FROM attempts") == [(0,)]
    assert world.rows(note) == [("ours",)]
    assert world.rows("SELECT count(*) FROM attempts", undone.kept) == [(3000,)]

    with pytest.raises(ExplainedError, match="for good"):
        back.confirm(world.place, yes=False)
    assert back.confirm(world.place, yes=True).removed == [undone.kept]
    assert world.databases() == {world.live}
    assert back.confirm(world.place, yes=True).removed == []


def test_in_place_needs_all_that_says_that_it_is_meant(world: World) -> None:
    """The word, the name, maintenance; and not twice without a word in between."""
    world.backup()
    for wished, said in (
        ({"in_place": True}, "--yes"),
        ({"in_place": True, "yes": True}, "not typed"),
        ({"in_place": True, "yes": True, "database": "other"}, "not the database's name"),
        ({"in_place": True, "yes": True, "database": world.live}, "not in maintenance"),
        ({"into": world.live}, "--in-place"),
        ({"into": "Odd Name"}, "small letters"),
    ):
        with pytest.raises(ExplainedError, match=said) as refused:
            world.restore(**wished)
        assert refused.value.code in (REFUSED, 2)
    world.in_place()
    second = world.backup()
    with pytest.raises(ExplainedError, match="is kept until that is confirmed or undone"):
        world.in_place(second.id)
    world.do("SELECT 1")


def test_a_live_database_that_was_dropped_is_made_anew(world: World) -> None:
    """In place; there is nothing to keep."""
    world.backup()
    with psycopg.connect(world.server.url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {world.live}".encode())

    done = world.in_place()

    assert done.kept == ""
    assert world.rows("SELECT count(*) FROM attempts") == [(3000,)]


def test_where_nobody_may_connect_to_the_servers_own_database_a_helper_stands_in(world: World) -> None:
    """As in the local cloud; it is gone afterwards."""
    world.backup()
    with psycopg.connect(world.server.url, autocommit=True) as connection:
        connection.execute("REVOKE ALL ON DATABASE postgres FROM PUBLIC")
        try:
            done = world.in_place()
        finally:
            connection.execute("GRANT CONNECT ON DATABASE postgres TO PUBLIC")

    assert world.databases() == {world.live, done.kept}


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "swap"])
@MODES
def test_a_damaged_backup_is_never_taken(world: World, from_bytes: int | None, damage: str) -> None:
    """Nor does anything of it stay, and the live database is as it was."""
    manifest = world.backup(from_bytes=from_bytes)
    part = manifest.parts[-1]
    stored = world.objects.stored[part.key]
    middle = len(stored) // 2
    world.objects.stored[part.key] = {
        "flip": stored[:middle] + bytes([stored[middle] ^ 1]) + stored[middle + 1 :],
        "cut": stored[:-20],
        "gone": b"",
        "swap": stored[: middle - 9]
        + stored[middle : middle + 9]
        + stored[middle - 9 : middle]
        + stored[middle + 9 :],
    }[damage]

    with pytest.raises(ExplainedError):
        world.restore(manifest.id)

    assert world.databases() == {world.live}


def test_another_key_opens_nothing(world: World, tmp_path: Path) -> None:
    """It is told as such, before anything is made."""
    world.backup()
    identity, _ = keys.generate()
    world.key = tmp_path / "other.key"
    keys.write(world.key, identity, "another")

    with pytest.raises(ExplainedError, match="none of those it was sealed for"):
        world.restore()

    assert world.databases() == {world.live}


def test_a_restore_that_lost_its_connection_goes_on_where_it_was(world: World) -> None:
    """What was loaded is not read again; nothing is loaded twice."""
    world.do("CREATE TABLE more AS SELECT n, repeat(md5(n::text), 40) AS x FROM generate_series(1, 1500) n")
    manifest = world.backup(from_bytes=0)
    assert len(manifest.parts) == 3
    last = min((part for part in manifest.parts if part.kind == "data"), key=lambda part: part.plain_size)
    read, lost = world.objects.read, [True]

    def losing(key: str) -> Iterator[bytes]:
        for chunk in read(key):
            if key == last.key and lost[0]:
                raise ExplainedError("cannot read it", "the network is gone")
            yield chunk

    world.objects.read = losing  # type: ignore[method-assign] # for this test
    with pytest.raises(ExplainedError, match="the network is gone"):
        world.restore(jobs=1)
    assert len(world.databases()) == 2
    lost[0] = False

    done = world.restore(jobs=1)

    assert "going on with what was loaded before" in world.talk.getvalue()
    assert world.rows("SELECT count(*) FROM attempts", done.database) == [(3000,)]


def test_a_server_that_is_older_or_lacks_an_extension_is_refused(world: World) -> None:
    """Before anything is made."""
    manifest = world.backup()
    key = manifest.key
    newer = {"server_version_num": 180001}
    needs = {"contents": manifest.contents | {"extensions": {"postgis": "3.4"}}}
    for change, said in ((newer, "an older one"), (needs, "postgis")):
        world.objects.stored[key] = manifest.model_copy(update=change).stored()
        with pytest.raises(ExplainedError, match=said):
            world.restore()
    assert world.databases() == {world.live}


def test_what_differs_from_the_manifest_is_told_and_not_taken(world: World) -> None:
    """A table with a row less."""
    manifest = world.backup()
    tables = manifest.contents["tables"]
    more = {"public.attempts": tables["public.attempts"] | {"rows": 3001}}
    changed = {"contents": manifest.contents | {"tables": tables | more}}
    world.objects.stored[manifest.key] = manifest.model_copy(update=changed).stored()

    with pytest.raises(ExplainedError, match="attempts has 3000 rows, and had 3001"):
        world.restore()

    assert world.databases() == {world.live}


def _connect_again_and_again(url: str, stop: threading.Event) -> None:
    """As an application's pool does."""
    held: list[Any] = []
    while not stop.wait(0.01):
        try:
            held.append(psycopg.connect(url, connect_timeout=5))
        except psycopg.Error:
            _close(held)
    _close(held)


def _close(held: list[Any]) -> None:
    while held:
        held.pop().close()
