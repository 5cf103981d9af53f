"""Sequences against the columns that they number: one that is behind gives a number that is taken already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ops.migrations.schema import Rows

# Identity columns and `serial` ones own their sequence; others name it in their default. Only in a unique column a
# number that comes twice is refused.
NUMBERED = """
    WITH used AS (
        SELECT objid AS sequence, refobjid AS relation, refobjsubid AS number
        FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass
        AND refobjsubid > 0 AND deptype IN ('a', 'i')
        UNION
        SELECT d.refobjid, a.adrelid, a.adnum
        FROM pg_depend d JOIN pg_attrdef a ON a.oid = d.objid
        WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass
    )
    SELECT format('%I.%I', sn.nspname, s.relname), format('%I.%I', n.nspname, c.relname), quote_ident(a.attname),
           q.seqincrement, q.seqcycle
    FROM used u
    JOIN pg_class s ON s.oid = u.sequence AND s.relkind = 'S' JOIN pg_namespace sn ON sn.oid = s.relnamespace
    JOIN pg_sequence q ON q.seqrelid = s.oid
    JOIN pg_class c ON c.oid = u.relation AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number AND NOT a.attisdropped
    WHERE a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
    AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND u.number = ANY (i.indkey))
    ORDER BY 1, 2, 3
"""
POSITION = """
    SELECT (SELECT {farthest}({column}) FROM {table}), last_value, is_called FROM {sequence}
"""


@dataclass(frozen=True)
class Numbered:
    """A column, and the sequence that numbers it."""

    sequence: str
    table: str
    column: str
    increment: int
    cycles: bool


def numbered(rows: Rows, url: str) -> list[Numbered]:
    """Every unique column that a sequence numbers."""
    return [Numbered(*row) for row in rows(url, NUMBERED)]


def behind(rows: Rows, url: str) -> list[str]:
    """Those whose next number is taken, or lies before one that is."""
    found = []
    for one in numbered(rows, url):
        if one.cycles:
            continue
        farthest = "max" if one.increment > 0 else "min"
        query = POSITION.format(farthest=farthest, column=one.column, table=one.table, sequence=one.sequence)
        ((used, last, is_called),) = rows(url, query)
        if said := _sentence(one, used, last + one.increment if is_called else last):
            found.append(said)
    return found


def _sentence(one: Numbered, used: Any, comes: int) -> str:
    if used is None or (comes > used if one.increment > 0 else comes < used):
        return ""
    return f"the sequence {one.sequence} would give {comes} next, and {one.table}.{one.column} has reached {used}"
