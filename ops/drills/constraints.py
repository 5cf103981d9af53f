"""Constraints, asked again of the rows: those that PostgreSQL never checked, and those that rows break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from ops.migrations.schema import Rows

OURS = "n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'"
# The planner must read the rows instead of believing what the constraints and indexes say.
OFF = ("constraint_exclusion", "enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan", "enable_nestloop")
# So it hashes and sorts all of a table, in more memory than a server gives by itself: jobs by workers by twice that.
DOUBTS = " ".join([*(f"-c {name}=off" for name in OFF), "-c work_mem=16MB"])

UNCHECKED = f"""
    SELECT CASE WHEN c.oid IS NULL THEN format('the domain %I', t.typname)
                ELSE format('%I.%I', n.nspname, c.relname) END,
           quote_ident(k.conname)
    FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
    LEFT JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_type t ON t.oid = k.contypid
    WHERE NOT k.convalidated AND {OURS}
    ORDER BY 1, 2
"""  # noqa: S608 - our own text
# Pairs of columns by their place, with the match that the key asks for. A foreign key between tables that are not
# partitioned says nothing of tables that inherit.
FOREIGN = f"""
    SELECT format('%s%I.%I', CASE c.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END, n.nspname, c.relname),
           format('%s%I.%I', CASE r.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END, rn.nspname, r.relname),
           quote_ident(k.conname), k.confmatchtype::text,
           (SELECT array_agg(quote_ident(a.attname)::text ORDER BY p.place)
            FROM unnest(k.conkey) WITH ORDINALITY p(number, place)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.number),
           (SELECT array_agg(quote_ident(a.attname)::text ORDER BY p.place)
            FROM unnest(k.confkey) WITH ORDINALITY p(number, place)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = p.number)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0 AND {OURS}
    AND pg_get_constraintdef(k.oid) NOT LIKE '%PERIOD %'
    ORDER BY 1, 3
"""  # noqa: S608 - our own text
CHECKS = f"""
    SELECT format('ONLY %I.%I', n.nspname, c.relname), quote_ident(k.conname), pg_get_expr(k.conbin, k.conrelid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE k.contype = 'c' AND c.relkind = 'r' AND {OURS}
    ORDER BY 1, 2
"""  # noqa: S608 - our own text
# NULLs are distinct from each other, where the index does not say otherwise (from 15 on).
UNIQUE = f"""
    SELECT format('%I.%I', n.nspname, c.relname), quote_ident(x.relname),
           coalesce(pg_get_expr(i.indpred, i.indrelid), 'true'),
           (SELECT array_agg(pg_get_indexdef(i.indexrelid, place, true) ORDER BY place)
            FROM generate_series(1, i.indnkeyatts) place),
           coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indisunique AND c.relkind IN ('r', 'm') AND {OURS}
    ORDER BY 1, 2
"""  # noqa: S608 - our own text
SILENCED = f"""
    SELECT format('%I.%I', n.nspname, c.relname), quote_ident(k.conname)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_constraint k ON k.oid = t.tgconstraint
    WHERE t.tgenabled IN ('D', 'R') AND t.tgisinternal AND {OURS}
    GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - our own text


@dataclass(frozen=True)
class Doubt:
    """How many rows or keys are wrong, and how that is told after their number."""

    query: str
    told: str
    one: str = "1 row"
    many: str = "rows"

    def sentence(self, count: int) -> str:
        """Of a number that is not 0."""
        return f"{self.one if count == 1 else f'{count} {self.many}'} {self.told}"


def unchecked(rows: Rows, url: str, *, accepted: Sequence[str] = ()) -> list[str]:
    """Those that are NOT VALID, but for those that the release's own migrations leave so."""
    found = [(str(where), str(name)) for where, name in rows(url, UNCHECKED)]
    return [
        f"the constraint {name} of {where} is NOT VALID: PostgreSQL has not looked at the rows that were there"
        for where, name in found
        if f"{where} {name}" not in accepted
    ]


def left_unchecked(rows: Rows, url: str) -> list[str]:
    """What to accept, where this database is made by the release's migrations."""
    return [f"{where} {name}" for where, name in rows(url, UNCHECKED)]


def silenced(rows: Rows, url: str) -> list[str]:
    """Foreign keys whose triggers are off, as a restore leaves them that was broken off."""
    return [
        f"the foreign key {name} of {table} is not enforced: its triggers are disabled"
        for table, name in rows(url, SILENCED)
    ]


def broken(rows: Rows, url: str, *, jobs: int = 2) -> list[str]:
    """Rows that break a foreign key, a check, or what should be unique; asked over several connections."""
    doubting = f"{url}{'&' if urlsplit(url).query else '?'}options={quote(DOUBTS)}"
    doubts = list(_doubts(rows, doubting))
    with ThreadPoolExecutor(max(1, jobs), "constraints") as pool:
        counts = list(pool.map(lambda doubt: _count(rows, doubting, doubt.query), doubts))
    return [doubt.sentence(count) for doubt, count in zip(doubts, counts, strict=True) if count]


def _doubts(rows: Rows, url: str) -> Iterator[Doubt]:
    for child, parent, name, match, columns, keys in rows(url, FOREIGN):
        told = f"of {_bare(child)} have no row in {_bare(parent)}, which {name} asks for"
        yield Doubt(_orphans(child, parent, match, columns, keys), told)
    for table, name, expression in rows(url, CHECKS):
        query = f"SELECT count(*) FROM {table} WHERE NOT ({expression})"  # noqa: S608 - quoted by the server
        yield Doubt(query, f"of {_bare(table)} break the check {name}")
    for table, name, condition, columns, nulls_are_equal in rows(url, UNIQUE):
        query = _twice(table, condition, columns, nulls_are_equal=nulls_are_equal)
        told = f"of {table} are there more than once, which {name} forbids"
        yield Doubt(query, told, "1 key", "keys")


def _orphans(child: str, parent: str, match: str, columns: Sequence[str], keys: Sequence[str]) -> str:
    pairs = " AND ".join(f"p.{key} = c.{column}" for column, key in zip(columns, keys, strict=True))
    full = " AND ".join(f"c.{column} IS NOT NULL" for column in columns)
    wrong = f"{full} AND NOT EXISTS (SELECT FROM {parent} p WHERE {pairs})"
    if match == "f":  # MATCH FULL: all of them are NULL, or none
        some = " OR ".join(f"c.{column} IS NOT NULL" for column in columns)
        wrong = f"({wrong}) OR (({some}) AND NOT ({full}))"
    return f"SELECT count(*) FROM {child} c WHERE {wrong}"  # noqa: S608 - quoted by the server


def _twice(table: str, condition: str, columns: Sequence[str], *, nulls_are_equal: bool) -> str:
    there = [] if nulls_are_equal else [f"({column}) IS NOT NULL" for column in columns]
    where = " AND ".join([f"({condition})", *there])
    keys = ", ".join(f"({column})" for column in columns)
    return f"SELECT count(*) FROM (SELECT FROM {table} WHERE {where} GROUP BY {keys} HAVING count(*) > 1) twice"  # noqa: S608 - quoted by the server


def _count(rows: Rows, url: str, query: str) -> int:
    ((count,),) = rows(url, query)
    return int(count)


def _bare(table: str) -> str:
    return table.removeprefix("ONLY ")
