"""One moment of a database, held: its snapshot, locks on all that is read in it, and what there is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from console.errors import ExplainedError

if TYPE_CHECKING:
    import psycopg

# What decides how a value is written: fixed, so that the same value has the same text in every session and server.
SETTINGS = {
    "search_path": "", "datestyle": "ISO, MDY", "intervalstyle": "postgres", "extra_float_digits": "3",
    "timezone": "UTC", "bytea_output": "hex", "lc_monetary": "C", "row_security": "off", "xmloption": "content",
    "quote_all_identifiers": "off", "statement_timeout": "0", "idle_in_transaction_session_timeout": "0",
    "lock_timeout": "10s", "jit": "off", "synchronize_seqscans": "off", "max_parallel_workers_per_gather": "0",
}  # fmt: skip
TRIES = 5  # a table may be made or dropped between the look and the locks
PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
KINDS = {"r": "table", "m": "materialized view", "f": "foreign table", "p": "partitioned table"}
HINT = "the database's owner may do it, and a superuser or a role with BYPASSRLS where row security is forced"

RELATIONS = """
SELECT c.oid::bigint, n.nspname, c.relname, c.relkind::text, c.relispopulated,
       CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid) / current_setting('block_size')::int ELSE 0 END,
       CASE WHEN c.relkind IN ('r', 'm') THEN pg_table_size(c.oid) ELSE 0 END,
       coalesce(a.amname, '') = 'heap', coalesce(e.condition, ''),
       ARRAY(SELECT attname FROM pg_attribute
             WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''),
       ARRAY(SELECT attname FROM pg_attribute JOIN pg_type t ON t.oid = atttypid
             WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
             AND (t.oid >= 10000 OR t.typsend = 0 OR t.typname ~ '^_?(reg|aclitem)'
                  OR t.typlen < 0 AND current_setting('server_encoding') = 'SQL_ASCII'))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am a ON a.oid = c.relam
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
LEFT JOIN LATERAL (SELECT x.extcondition[array_position(x.extconfig, c.oid)] AS condition
                   FROM pg_extension x WHERE c.oid = ANY (x.extconfig)) e ON true
WHERE c.relkind IN ('r', 'm', 'f', 'p') AND c.relpersistence <> 't' AND n.nspname <> 'information_schema'
  AND n.nspname !~ '^pg_' AND (d.objid IS NULL OR e.condition IS NOT NULL)
ORDER BY c.oid
"""  # of an extension's own tables, a dump carries those rows alone that the extension says are the user's;
# types from number 10000 on have other numbers in another database, as what `reg…` names has
SEQUENCES = """
SELECT n.nspname, c.relname, s.seqincrement
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
WHERE c.relpersistence <> 't' AND d.objid IS NULL ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Relation:
    """What can hold rows, as the catalog of that moment says."""

    oid: int
    schema: str
    name: str
    kind: str
    populated: bool
    pages: int
    size: int
    can_be_cut: bool
    condition: str
    columns: tuple[str, ...]
    as_text: frozenset[str] = frozenset()
    """Those columns whose binary form would not be the same in another database."""

    @property
    def shown(self) -> str:
        """The name that everybody knows it by."""
        return shown(self.schema, self.name)


@dataclass(frozen=True)
class Held:
    """A moment that others may read, too, for as long as it is held."""

    snapshot: str
    relations: tuple[Relation, ...]
    sequences: dict[str, dict[str, Any]] = field(default_factory=dict)
    connection: psycopg.Connection | None = field(default=None, compare=False, repr=False)  # which has all locks


def shown(*names: str) -> str:
    """A qualified name, quoted where it has to be; by our own rule, as the reserved words differ between versions."""
    return ".".join(name if PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"' for name in names)


@contextmanager
def holding(url: str) -> Iterator[Held]:
    """Lock first, look then: what is rewritten or emptied after the snapshot would be read as it is by then.

    Sequences move outside of transactions. They are read here, so before whatever dumps this snapshot reads them:
    what is restored is then never behind what is said here.
    """
    with opened(url) as connection:
        for _ in range(TRIES):
            held = _tried(connection)
            if held is not None:
                yield held
                return
        raise ExplainedError(
            "cannot hold the database still",
            f"tables were made or dropped at each of {TRIES} looks",
            hint="wait until the migration that is at work has ended, then run the same command again",
        )


@contextmanager
def opened(url: str, snapshot: str = "") -> Iterator[psycopg.Connection]:
    """A connection with fixed settings; in that snapshot, if one is named."""
    import psycopg
    from psycopg import sql

    with (
        _explained(),
        psycopg.connect(url, connect_timeout=10, client_encoding="UTF8", autocommit=True) as connection,
    ):
        connection.execute(
            "SELECT " + ", ".join("set_config(%s, %s, false)" for _ in SETTINGS),
            [word for pair in SETTINGS.items() for word in pair],
        )
        if snapshot:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(snapshot))
        yield connection


def relations(connection: psycopg.Connection) -> tuple[Relation, ...]:
    """All that there is now, or in the transaction's snapshot."""
    found = connection.execute(RELATIONS).fetchall()
    return tuple(
        Relation(
            oid,
            schema,
            name,
            KINDS[kind],
            populated,
            pages,
            size,
            cut,
            condition,
            tuple(sorted(columns)),
            frozenset(as_text),
        )
        for oid, schema, name, kind, populated, pages, size, cut, condition, columns, as_text in found
    )


def sequences(connection: psycopg.Connection) -> dict[str, dict[str, Any]]:
    """Where each stands: read of the sequence itself, which alone says whether the value was given out."""
    from psycopg import sql

    found, states = connection.execute(SEQUENCES).fetchall(), {}
    for start in range(0, len(found), 100):
        some = found[start : start + 100]
        each = [
            sql.SQL("SELECT {}, last_value, is_called FROM {}").format(number, sql.Identifier(schema, name))
            for number, (schema, name, _) in enumerate(some)
        ]
        for number, last, called in connection.execute(sql.SQL(" UNION ALL ").join(each)).fetchall():
            schema, name, increment = some[number]
            states[shown(schema, name)] = {"last_value": last, "is_called": called, "increment": increment}
    return states


def _tried(connection: psycopg.Connection) -> Held | None:
    import psycopg
    from psycopg import sql

    before = {one.oid: one for one in relations(connection) if one.kind in {"table", "partitioned table"}}
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        names = [sql.SQL("ONLY {}").format(sql.Identifier(one.schema, one.name)) for one in before.values()]
        for start in range(0, len(names), 200):
            some = sql.SQL(", ").join(names[start : start + 200])
            connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(some))
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        connection.execute("ROLLBACK")
        return None
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    now = relations(connection)
    if {one.oid for one in now if one.kind in {"table", "partitioned table"}} - before.keys():
        connection.execute("ROLLBACK")
        return None
    return Held(str(row[0] if row else ""), now, sequences(connection), connection)


@contextmanager
def _explained() -> Iterator[None]:
    """PostgreSQL's refusals, told with what to do."""
    import psycopg

    try:
        yield
    except psycopg.errors.LockNotAvailable as error:
        raise ExplainedError(
            "cannot hold the database still",
            f"somebody has held a table for more than {SETTINGS['lock_timeout']}",
            hint="wait until the migration that is at work has ended, then run the same command again",
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise ExplainedError("cannot read all of the database", first(error), hint=HINT) from error
    except psycopg.Error as error:
        raise ExplainedError("cannot read the database", first(error)) from error


def first(error: psycopg.Error) -> str:
    """PostgreSQL's own sentence."""
    lines = (error.diag.message_primary or str(error)).strip().splitlines()
    return lines[0] if lines else type(error).__name__
