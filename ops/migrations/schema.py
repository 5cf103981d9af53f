"""What a database holds, taken down so that two of them can be compared: columns, rows, and what the rows say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Rows = Callable[..., list[tuple[Any, ...]]]
HISTORY = "django_migrations"  # Django's own: it says something else after each migration
COLUMNS = """
    SELECT format('%I.%I', n.nspname, c.relname), array_agg(quote_ident(a.attname) ORDER BY a.attname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
    AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg_%' AND c.relname <> 'django_migrations'
    GROUP BY 1
"""
CONTENT = "SELECT count(*), coalesce(sum(hashtextextended(ROW({columns})::text, 0)::numeric), 0)::text FROM {table}"
COUNT = "SELECT count(*), '' FROM {table}"


@dataclass(frozen=True)
class Snapshot:
    """By table: its columns, how many rows it has, and a sum that tells whether they say the same."""

    columns: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, int]
    content: Mapping[str, str]


def take(rows: Rows, url: str, *, like: Snapshot | None = None, content: bool = True) -> Snapshot:
    """Read each table once. Compared with another one, only the columns that were there are read."""
    columns = {table: tuple(names) for table, names in rows(url, COLUMNS)}
    counted, said = {}, {}
    for table, names in sorted(columns.items()):
        wanted = [name for name in (like.columns.get(table, ()) if like else names) if name in names]
        query = (CONTENT if content and wanted else COUNT).format(columns=", ".join(wanted), table=table)
        ((counted[table], said[table]),) = rows(url, query)
    return Snapshot(columns, counted, said)


def lost(before: Snapshot, after: Snapshot) -> list[str]:
    """What was there and is no more, in sentences."""
    found = []
    for table, columns in before.columns.items():
        name = table.removeprefix("public.")
        if table not in after.columns:
            found.append(f"the table {name} is gone, with {before.rows[table]} rows")
            continue
        gone = [column for column in columns if column not in after.columns[table]]
        found += [f"the column {name}.{column} is gone" for column in gone]
        had, has = before.rows[table], after.rows[table]
        if has < had:
            found.append(f"{name} had {had} rows and has {has}")
        elif has == had and not gone and before.content[table] != after.content[table]:
            found.append(f"the rows of {name} say something else")
    return found
