"""What the release's own migrations make of an empty database, and a restored one lacks, such as an index."""

from __future__ import annotations

from ops.migrations.schema import Rows

HERE = "n.nspname = ANY (current_schemas(false))"
# Names of constraints and indexes may come of older releases of a framework: what they do is compared.
THINGS = f"""
    SELECT 'the table', quote_ident(c.relname), '' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND {HERE}
    UNION ALL
    SELECT 'the view', quote_ident(c.relname), '' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm') AND {HERE}
    UNION ALL
    SELECT 'the column', format('%I.%I', c.relname, a.attname),
           format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND {HERE}
    UNION ALL
    SELECT 'the default of', format('%I.%I', c.relname, a.attname), 'a number or a value by itself'
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND (a.atthasdef OR a.attidentity <> '')
    AND {HERE}
    UNION ALL
    SELECT 'the index on', quote_ident(c.relname),
           regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX .* USING', 'INDEX USING')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {HERE}
    UNION ALL
    SELECT 'the constraint on', quote_ident(c.relname), pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE k.contype IN ('c', 'f', 'p', 'u', 'x') AND {HERE}
    UNION ALL
    SELECT 'the trigger on', quote_ident(c.relname), t.tgname::text
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND {HERE}
    UNION ALL
    SELECT 'the function', p.oid::regprocedure::text, ''
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE {HERE} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'the extension', quote_ident(e.extname), '' FROM pg_extension e
"""  # noqa: S608 - our own text
Thing = tuple[str, str, str]


def take(rows: Rows, url: str) -> set[Thing]:
    """All that is there."""
    return {(str(kind), str(name), str(what)) for kind, name, what in rows(url, THINGS)}


def missing(wanted: set[Thing], found: set[Thing]) -> list[str]:
    """What the migrations make, and is not there; what a missing table had is not told one by one."""
    gone = sorted(wanted - found)
    tables = {name for kind, name, _ in gone if kind == "the table"}
    return [
        " ".join(filter(None, (kind, name, what and f"({what})"))) + " is not there as the migrations make it"
        for kind, name, what in gone
        if kind == "the table" or name.partition(".")[0] not in tables
    ]
