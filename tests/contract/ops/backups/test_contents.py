"""What contents say of real databases: the same once restored, and a difference for each kind of loss."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from console.errors import ExplainedError
from ops.backups.contents import Contents, differences, notes, read
from ops.doors import postgres_contents, postgres_hashes
from ops.doors.postgres import Scratch
from ops.doors.postgres_snapshot import SETTINGS, holding
from tests.contract.ops.backups.conftest import copy, execute

EVERYTHING = (Path(__file__).parent / "everything.sql").read_text()
WAITING = "SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
LOSSES = {  # what is done to a restored database, and what is said of it
    "DELETE FROM plain WHERE id = 7": "table public.plain has 499 rows, and had 500",
    "UPDATE plain SET x = x + 1e-15 WHERE id = 1": "table public.plain has as many rows as it had, 500, and not the",
    "UPDATE plain SET j = '{\"a\":1,\"a\":2}' WHERE id = 1": "table public.plain has as many rows",
    "UPDATE plain SET n = 1.1 WHERE id = 1": "table public.plain has as many rows",
    "UPDATE nothing_else SET one = 2": "table public.unlogged has as many rows",
    "TRUNCATE part_2": "table public.part_2 has 0 rows",
    "DELETE FROM ONLY parent": "table public.parent has 0 rows, and had 1",
    "DELETE FROM child": "table public.child has 0 rows, and had 1",
    "DROP TABLE empty": "table public.empty is missing",
    "DELETE FROM nothing": "table public.nothing has 0 rows, and had 1",
    "DROP FOREIGN TABLE far": "foreign table public.far is missing",
    "DROP MATERIALIZED VIEW seen": "materialized view public.seen is missing",
    "REFRESH MATERIALIZED VIEW seen WITH NO DATA": "materialized view public.seen is not populated",
    "SELECT setval('plain_id_seq', 499)": "sequence public.plain_id_seq is behind: it goes on with 500, and would",
    "SELECT setval('\"Down\"', 50, false)": 'sequence public."Down" is behind',
    "SELECT lo_unlink(4712)": "there are 2 large objects, and were 3",
    "SELECT lo_put(4713, 2999999, '\\x00')": "there are as many large objects as there were, 3, and not",
    "DROP EXTENSION {extension}": "extension {extension} is missing",
    "DELETE FROM django_migrations WHERE name = '0002_more'": "migration exams.0002_more is not recorded as applied",
    "CREATE TABLE more ()": "table public.more was not there",
    "UPDATE \"Odd.\"\"Schema\".\"Ta.ble %s {}\" SET \"select\" = '', \"a,b\" = NULL WHERE \"a,b\" = ''":
        'table "Odd.""Schema"."Ta.ble %s {}" has as many rows',
}  # fmt: skip


def test_a_restored_database_has_the_same_contents(
    server: Scratch, database: Callable[..., str], extension: str
) -> None:
    """With every kind of thing in it; and each kind of loss is told."""
    source, target = database("source", EVERYTHING, f"CREATE EXTENSION {extension}"), database("target")
    copy(server, source, target)

    wanted, found = read(source), read(target, jobs=3)

    assert differences(wanted, found) == []
    assert notes(wanted, found) == []
    assert wanted.tables["public.plain"].rows == 500
    assert wanted.tables["public.far"].hash is None
    assert wanted.large_objects.count == 3
    assert wanted.migrations == ("exams.0001_initial", "exams.0002_more")
    for number, (loss, said) in enumerate(LOSSES.items()):
        name = f"lossy_{number}"
        lossy = server.create(name, template="target")
        execute(lossy, loss.replace("nothing_else", "unlogged").replace("{extension}", extension))
        told = said.replace("{extension}", extension)
        assert any(one.startswith(told) for one in differences(wanted, read(lossy))), loss
        server.drop(name)


def test_a_session_and_a_database_with_other_settings_says_the_same(
    server: Scratch, database: Callable[..., str]
) -> None:
    """Dates, floats, bytes and names are written in one way."""
    url = database("settings", EVERYTHING)
    before = read(url)
    for setting in ("datestyle = 'SQL, DMY'", "intervalstyle = 'iso_8601'", "extra_float_digits = -10",
                    "timezone = 'Asia/Tokyo'", "bytea_output = 'escape'", "search_path = 'public'"):  # fmt: skip
        execute(url, f'ALTER DATABASE "{server.run}_settings" SET {setting}')

    assert read(url) == before


def test_big_tables_are_shared_out(database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """However a table is cut into pieces, it has the same hash; dead rows and later ones make no difference."""
    url = database("cut", "CREATE TABLE big AS SELECT n, repeat('x', n % 90) FROM generate_series(1, 20000) n")
    whole = read(url, jobs=1)
    monkeypatch.setattr(postgres_contents, "PIECE", 50_000)

    with holding(url) as held:
        execute(
            url, "DELETE FROM big WHERE n % 3 = 0", "INSERT INTO big SELECT n, '' FROM generate_series(1, 9999) n"
        )
        assert read(url, snapshot=held, jobs=4) == whole
        assert read(url, snapshot=held.snapshot, jobs=2) == whole


def test_rows_that_are_read_before_the_rest_make_the_same_contents(database: Callable[..., str]) -> None:
    """And are not read again: what changes afterwards, though nobody may change it, is not seen."""
    url = database("early", EVERYTHING)
    whole = read(url)

    early = postgres_contents.rows(url, threading.Event(), jobs=3)
    assert read(url, known=early) == whole
    execute(url, "DELETE FROM plain", "SELECT lo_unlink(4712)", "REFRESH MATERIALIZED VIEW seen WITH NO DATA")

    then = read(url, known=early)
    assert then.tables["public.plain"] == whole.tables["public.plain"]
    assert then.large_objects == whole.large_objects
    assert then.tables["public.seen"].hash is None


def test_rows_are_read_beside_whoever_builds_indexes(database: Callable[..., str]) -> None:
    """It waits for a table that somebody has, as long as that takes, and then nobody waits for it."""
    url = database("beside", "CREATE TABLE one AS SELECT generate_series(1, 9) AS n")
    found: list[postgres_contents.Sums] = []
    with psycopg.connect(url) as builder:
        builder.execute("ALTER TABLE one ADD PRIMARY KEY (n)")
        reading = threading.Thread(target=lambda: found.append(postgres_contents.rows(url, threading.Event())))
        reading.start()
        with psycopg.connect(url, autocommit=True) as watcher:
            while not watcher.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchall():
                pass
    reading.join()

    assert found[0]["public.one"].rows == 9


def test_a_table_that_is_emptied_meanwhile_is_read_as_it_was(database: Callable[..., str]) -> None:
    """Whoever would rewrite it waits until the moment is no longer held."""
    url = database("emptied", "CREATE TABLE one AS SELECT 1 AS n", "CREATE SEQUENCE counted")
    before = read(url)
    with holding(url) as held:
        emptying = threading.Thread(target=execute, args=(url, "TRUNCATE one", "DROP SEQUENCE counted"))
        emptying.start()
        while not held.connection or not held.connection.execute(WAITING).fetchall():
            pass
        assert read(url, snapshot=held) == before
    emptying.join()

    assert read(url).tables["public.one"].rows == 0


def test_who_may_not_read_all_is_told(server: Scratch, database: Callable[..., str]) -> None:
    """A table without the right to read it, and one of which policies would show a part."""
    url = database("policies", "CREATE TABLE secret (n int)", "CREATE ROLE reader LOGIN PASSWORD 'invented'")
    reader = url.replace(url[len("postgresql://") : url.index("@")], "reader:invented")
    try:
        with pytest.raises(
            ExplainedError, match="cannot read all of the database: permission denied for table secret"
        ):
            read(reader)
        execute(url, "GRANT SELECT ON secret TO reader", "ALTER TABLE secret ENABLE ROW LEVEL SECURITY")
        with pytest.raises(ExplainedError, match="would be affected by row-level security policy"):
            read(reader)
    finally:
        execute(url, "DROP OWNED BY reader", "DROP ROLE reader")


def test_a_value_that_cannot_be_read_ends_all(database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The first failure is told, and nobody reads on."""
    url = database("failing", "CREATE TABLE one (n int)")
    monkeypatch.setattr(postgres_hashes, "SEEDS", ("no_such_column", 1))

    with pytest.raises(ExplainedError, match="cannot read the database: column"):
        read(url)


def test_a_sequence_may_have_moved_on() -> None:
    """It moves outside of transactions; ahead is safe, behind is not."""
    then = Contents.model_validate({"sequences": {"public.s": {"last_value": 5, "is_called": True}}})
    ahead = Contents.model_validate({"sequences": {"public.s": {"last_value": 9, "is_called": False}}})

    assert differences(then, ahead) == []
    assert differences(ahead, then) == [
        "sequence public.s is behind: it goes on with 6, and would have with 9",
    ]


def test_nothing_listens() -> None:
    """An address where there is no database is told as such."""
    with pytest.raises(ExplainedError, match="cannot read the database"):
        read("postgresql://nobody:invented@127.0.0.1:1/none")


def test_what_is_locked_is_not_waited_for_for_ever(
    database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration that holds a table is told, with what to do."""
    monkeypatch.setitem(SETTINGS, "lock_timeout", "50ms")
    url = database("locked", "CREATE TABLE one (n int)")
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE one IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(ExplainedError, match="somebody has held a table"):
            read(url)
