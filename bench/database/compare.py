"""Compare two databases exactly: what is declared, word for word, and what they hold, row for row."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from ops.backups import contents

SECTION = re.compile(r"^-- (?:Name|Data for Name): ", re.MULTILINE)
NOISE = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*|)\n", re.MULTILINE)
GENERATED = """SELECT n.nspname, c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attgenerated <> '' AND c.relkind = 'r' AND NOT a.attisdropped"""
LARGE = """SELECT oid::bigint, pg_get_userbyid(lomowner)::text, coalesce(lomacl::text, ''),
coalesce(obj_description(oid, 'pg_largeobject'), '') FROM pg_largeobject_metadata ORDER BY 1"""


def compare(left: str, right: str, binaries: Path) -> list[str]:
    """What the second has otherwise than the first; `binaries` hold a `pg_dump` that knows both."""
    ours, theirs = contents.read(left), contents.read(right)
    return [
        *_counted("declares", declared(left, binaries), declared(right, binaries)),
        *contents.differences(ours, theirs),
        *_counted("has the sequence", states(ours), states(theirs)),
        *_counted("generates", Counter(generated(left)), Counter(generated(right))),
        *_counted("owns the large object", Counter(large(left)), Counter(large(right))),
    ]


def declared(url: str, binaries: Path) -> Counter[str]:
    """Each statement of the schema, with owners, rights and comments, in whatever order; large objects apart."""
    words = [str(binaries / "pg_dump"), "--schema-only", url]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return Counter(_plain(NOISE.sub("", section + "\n").strip()) for section in SECTION.split(said)[1:])


def _plain(statement: str) -> str:
    """Columns of an heir go in another order once restored: its parents' come first."""
    if "\nINHERITS (" not in statement:
        return statement
    return "\n".join(sorted(line.rstrip(",") for line in statement.splitlines()))


def states(there: contents.Contents) -> Counter[str]:
    """Exactly, as nobody is at work in either."""
    return Counter(f"{name} {one.last_value} {one.is_called}" for name, one in there.sequences.items())


def generated(url: str) -> Iterator[str]:
    """What was computed anew."""
    with psycopg.connect(url, autocommit=True) as connection:
        for schema, table, column in connection.execute(GENERATED).fetchall():
            query = sql.SQL("SELECT sum(hashtextextended(coalesce({}::text, '-'), 0)) FROM ONLY {}").format(
                sql.Identifier(column), sql.Identifier(schema, table)
            )
            row = connection.execute(query).fetchone()
            yield f"{schema}.{table}.{column} {row and row[0]}"


def large(url: str) -> Iterator[str]:
    """Owner, rights and comment of each."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield from map(str, connection.execute(LARGE).fetchall())


def _counted(what: str, left: Counter[str], right: Counter[str]) -> Iterator[str]:
    yield from (f"only the first {what}: {one}" for one in (left - right))
    yield from (f"only the second {what}: {one}" for one in (right - left))
