"""Indexes: those that PostgreSQL does not use, and, where `amcheck` is, those that do not fit their tables."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ops.drills.constraints import OURS
from ops.migrations.schema import Rows

INVALID = f"""
    SELECT quote_ident(x.relname), format('%I.%I', n.nspname, c.relname)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class x ON x.oid = i.indexrelid
    WHERE NOT (i.indisvalid AND i.indisready AND i.indislive) AND {OURS}
    ORDER BY 2, 1
"""  # noqa: S608 - our own text
AMCHECK = "SELECT count(*) FROM pg_available_extensions WHERE name = 'amcheck'"
INSTALL = "CREATE EXTENSION IF NOT EXISTS amcheck"
TREES = f"""
    SELECT i.indexrelid::bigint, quote_ident(x.relname), format('%I.%I', n.nspname, c.relname)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
    WHERE m.amname = 'btree' AND x.relkind = 'i' AND i.indisvalid AND i.indisready AND {OURS}
    ORDER BY 3, 2
"""  # noqa: S608 - our own text
FITS = "SELECT bt_index_check(index => %s::oid::regclass, heapallindexed => true)"


@dataclass(frozen=True)
class Looked:
    """What is wrong, and what could not be looked at."""

    findings: list[str]
    notes: list[str]


def unused(rows: Rows, url: str) -> list[str]:
    """Those that queries pass by, because building them was broken off."""
    return [f"the index {name} of {table} is invalid: no query uses it" for name, table in rows(url, INVALID)]


def unfit(rows: Rows, url: str, refused: Callable[..., str], *, jobs: int = 2) -> Looked:
    """Those that lack rows of their table, or are in disorder. `refused` is for what gives no rows."""
    trees = rows(url, TREES)
    ((known,),) = rows(url, AMCHECK)
    if not known:
        note = f"the scratch server has no amcheck: {len(trees)} B-trees, built by this restore, were not walked"
        return Looked([], [note])
    if why := refused(url, INSTALL):
        return Looked([], [f"amcheck cannot be had, {why}: {len(trees)} B-trees were not walked"])
    with ThreadPoolExecutor(max(1, jobs), "indexes") as pool:
        whys = list(pool.map(lambda tree: refused(url, FITS, [tree[0]]), trees))
    found = [
        f"the index {name} of {table} does not fit its table: {why}"
        for (_, name, table), why in zip(trees, whys, strict=True)
        if why
    ]
    return Looked(found, [f"amcheck walked {len(trees)} B-trees"])
