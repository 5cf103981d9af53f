"""The door to a copied database whose personal data is masked in place, before anybody else can see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import psycopg

SALT = "slipway.salt"
TRIGGERS = {"O": "ENABLE", "A": "ENABLE ALWAYS"}  # what fires at a session like ours
OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'"

COLUMNS = f"""
WITH RECURSIVE kind AS (
  SELECT oid, oid AS base, false AS is_array FROM pg_type
  UNION ALL
  SELECT k.oid, CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.typelem END, k.is_array OR t.typtype <> 'd'
  FROM kind k JOIN pg_type t ON t.oid = k.base
  WHERE t.typtype = 'd' OR (t.typelem <> 0 AND t.typcategory = 'A')
)
SELECT CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END, a.attname,
       format('%I.%I', n.nspname, c.relname), quote_ident(a.attname), c.relkind = 'p',
       b.typname, b.typtype::text, k.is_array,
       CASE WHEN b.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END, a.attnotnull
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
JOIN kind k ON k.oid = a.atttypid
JOIN pg_type b ON b.oid = k.base AND b.typtype <> 'd' AND NOT (b.typelem <> 0 AND b.typcategory = 'A')
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attgenerated = '' AND {OURS}
ORDER BY 1, a.attnum
"""  # noqa: S608 - our own text
FIRING = f"""
SELECT format('%I.%I', n.nspname, c.relname), quote_ident(t.tgname), t.tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND c.relkind IN ('r', 'p') AND {OURS}
"""  # noqa: S608 - our own text
STRICT = f"""
SELECT format('%I.%I', n.nspname, c.relname), quote_ident(k.conname)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND NOT k.condeferrable AND k.conparentid = 0 AND {OURS}
"""  # noqa: S608 - our own text
MATERIALIZED = f"""
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'm' AND c.relispopulated AND {OURS} ORDER BY c.oid
"""  # noqa: S608 - our own text
STATISTICS = """
SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
WHERE a.attrelid = '{relation}'::regclass AND NOT s.inherited
"""


@dataclass(frozen=True)
class Column:
    """One that rows have a value of their own in."""

    table: str
    """With its schema where that is not `public`."""
    name: str
    relation: str
    """Both names again, quoted for a statement."""
    quoted: str
    is_partitioned: bool
    type: str
    """Below domains and arrays."""
    kind: str
    """PostgreSQL's letter: b, c, d, e, m, p or r."""
    is_array: bool
    length: int | None
    required: bool


@dataclass(frozen=True)
class Update:
    """What becomes of a table's rows."""

    relation: str
    sets: tuple[str, ...]
    is_partitioned: bool = False

    @property
    def rows(self) -> str:
        """Its own: a table that inherits from it is another one, and a partition is not."""
        return self.relation if self.is_partitioned else f"ONLY {self.relation}"


class Masking(Protocol):
    """To the copied database, by its address."""

    def columns(self, url: str) -> Sequence[Column]: ...

    def large_objects(self, url: str) -> int: ...

    def apply(
        self,
        url: str,
        *,
        salt: str,
        emptied: Sequence[str],
        updates: Sequence[Update],
        without_large_objects: bool = False,
    ) -> dict[str, int]: ...


class MaskError(Exception):
    """What could not be masked, in PostgreSQL's words; nothing is."""


def columns(url: str) -> list[Column]:
    """Every column of every table that is ours; a partition's are those of the whole."""
    with _connect(url) as connection:
        return [Column(*row) for row in _rows(connection, COLUMNS)]


def large_objects(url: str) -> int:
    """How many there are."""
    with _connect(url) as connection:
        return int(_rows(connection, "SELECT count(*) FROM pg_largeobject_metadata")[0][0])


def apply(
    url: str, *, salt: str, emptied: Sequence[str], updates: Sequence[Update], without_large_objects: bool = False
) -> dict[str, int]:
    """Empty those tables and run each update of the others, all or nothing; returns the rows by relation.

    Triggers stay silent, as they could write down elsewhere what is masked here. What PostgreSQL has kept of the rows
    before (in its files, in its statistics, in materialised views) goes as well.
    """
    import psycopg

    try:
        with _connect(url) as connection:
            with connection.transaction():
                counts = _masked(connection, salt, emptied, updates)
                if without_large_objects:
                    connection.execute("SELECT lo_unlink(oid) FROM pg_largeobject_metadata")
            for update in updates:
                _run(connection, f"VACUUM (FULL) {update.relation}")
            _run(connection, "ANALYZE")
    except psycopg.Error as error:
        raise MaskError((str(error).strip() or type(error).__name__).splitlines()[0]) from error
    return counts


def _masked(
    connection: psycopg.Connection[Any], salt: str, emptied: Sequence[str], updates: Sequence[Update]
) -> dict[str, int]:
    connection.execute("SET LOCAL statement_timeout = 0")
    connection.execute("SET LOCAL row_security = off")  # a policy that would hide rows is an error
    connection.execute("SELECT set_config(%s, %s, true)", [SALT, salt])
    firing, strict = _rows(connection, FIRING), _rows(connection, STRICT)
    for relation, name, _ in firing:
        _run(connection, f"ALTER TABLE {relation} DISABLE TRIGGER {name}")
    for relation, name in strict:
        _run(connection, f"ALTER TABLE {relation} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED")
    _run(connection, "SET CONSTRAINTS ALL DEFERRED")
    if emptied:
        _run(connection, f"TRUNCATE {', '.join(emptied)}")
        _forget(connection, emptied)
    counts = dict.fromkeys(emptied, 0)
    for one in updates:
        done = connection.execute(f"UPDATE {one.rows} SET {', '.join(one.sets)}".encode()).rowcount  # noqa: S608 - quoted
        (there,) = _rows(connection, f"SELECT count(*) FROM {one.rows}")[0]  # noqa: S608 - quoted by the server
        if done < there:
            raise MaskError(f"{there - done} rows of {one.relation} were not reached: has it a rule?")
        counts[one.relation] = done
    _run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    for relation, name in strict:
        _run(connection, f"ALTER TABLE {relation} ALTER CONSTRAINT {name} NOT DEFERRABLE")
    for relation, name, state in firing:
        _run(connection, f"ALTER TABLE {relation} {TRIGGERS[state]} TRIGGER {name}")
    for (relation,) in _rows(connection, MATERIALIZED):
        _run(connection, f"REFRESH MATERIALIZED VIEW {relation}")
    return counts


def _forget(connection: psycopg.Connection[Any], emptied: Sequence[str]) -> None:
    """What the planner knows of rows that are gone: looking at an empty table does not replace it."""
    for relation in emptied:
        known = STATISTICS.replace("{relation}", relation.replace("'", "''"))
        for name, kind in _rows(connection, known):
            _run(connection, f"ALTER TABLE {relation} ALTER COLUMN {name} TYPE {kind}")


def _run(connection: psycopg.Connection[Any], statement: str) -> None:
    connection.execute(statement.encode())


def _rows(connection: psycopg.Connection[Any], query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query.encode()).fetchall()


def _connect(url: str) -> psycopg.Connection[Any]:
    import psycopg

    return psycopg.connect(url, connect_timeout=10, autocommit=True, application_name="slipway masks")
