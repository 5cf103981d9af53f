"""Fill a database: all rows are made by the server, from their numbers and the seed alone."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

HERE = Path(__file__).parent
EXTENSIONS = ("vector", "hstore", "citext", "pg_trgm", "btree_gist")  # where the server has them
PAPER, EVENT, PERSON, FILE = 2350, 260, 380, 60_000  # bytes that one takes, with its indexes
TRAPS = (
    "", " ", "NULL", "\\N", "\\.", "\n\\.\n", "a\tb\\tc", "\r\n", "\r", "\b\f\v\x01\x1f\x7f", "'",
    "''", '"', "$$", "$1", "%s",
    "é", "e\u0301", "\u00a0", "\u2028\u2029", "\ufeff", "\ufffd", "\ufffe\uffff", "\u202eabc\u202c", "\u200d\u200b",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0010ffff", "\x80\x9f", "ﷺ", "İıſß", "-- ", "/*", ";", "{}",
    "\\x00",
)  # fmt: skip


def make(url: str, size: int, seed: int = 1) -> None:
    """Of about that many bytes, as `pg_database_size` counts them; a few of each kind at the least."""
    left = max(size - (12 << 20), 0)  # the catalogs, and what is there once
    people, papers, events = (
        50 + left * share // (100 * each) for share, each in ((10, PERSON), (62, PAPER), (18, EVENT))
    )
    files = 6 + left * 10 // (100 * FILE)
    _, *named = (HERE / "rows.sql").read_text().split("-- rows: ")
    rows = {name: text for name, _, text in (one.partition("\n") for one in named)}
    words = {"SEED": f"'{seed}:'", "PEOPLE": str(people), "FILES": str(files), "FILE": str(FILE // 3 * 2)}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '256MB'")
        for name in extensions(connection):
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
        connection.execute((HERE / "schema.sql").read_bytes())
        connection.execute(rows["small"].encode())
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO traps VALUES (%s, %s)", list(enumerate(TRAPS)))
        for name in ("people", "papers", "events", "files"):
            count = {"papers": papers, "events": events}.get(name, 1)
            for low in range(1, count + 1, 200_000):  # a statement each, so that none holds much
                _fill(connection, rows[name], words | {"LOW": str(low), "HIGH": str(min(count, low + 199_999))})
        if "vector" in extensions(connection):
            connection.execute(
                "CREATE TABLE vectors AS SELECT ARRAY[n, -n]::vector AS v FROM generate_series(1, 99) n"
            )
        connection.execute("UPDATE organisations SET head = id")
        connection.execute((HERE / "finish.sql").read_bytes())
        connection.execute("COMMENT ON LARGE OBJECT 900001 IS 'the first'")
        connection.execute("GRANT SELECT ON LARGE OBJECT 900001 TO PUBLIC")
        connection.execute("ANALYZE")


def extensions(connection: psycopg.Connection) -> list[str]:
    """Those of ours that the server has."""
    found = connection.execute("SELECT name FROM pg_available_extensions").fetchall()
    return [name for name in EXTENSIONS if (name,) in found]


def _fill(connection: psycopg.Connection, statement: str, words: dict[str, str]) -> None:
    for word in sorted(words, key=len, reverse=True):
        statement = statement.replace(word, words[word])
    connection.execute(statement.encode())
