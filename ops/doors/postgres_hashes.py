"""What is asked of PostgreSQL for the hashes of rows and of large objects, and how they add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.doors.postgres_snapshot import Relation

if TYPE_CHECKING:
    import psycopg
    from psycopg import sql

CHUNK = 1 << 20  # of a large object
SEEDS = (0, 0x5EED0F51)  # two hashes of 64 bits that nothing but the row has in common


@dataclass
class Sum:
    """Rows, and their hashes added up: so it does not matter in which order they come, nor how often one is there."""

    rows: int = 0
    hashes: tuple[int, int] = (0, 0)

    def add(self, rows: int, *hashes: int) -> None:
        """What another piece has."""
        self.rows += rows
        self.hashes = (self.hashes[0] + int(hashes[0]), self.hashes[1] + int(hashes[1]))

    @property
    def text(self) -> str:
        """As it is kept."""
        return "".join(f"{one % (1 << 64):016x}" for one in self.hashes)


def statement(one: Relation, first: int, end: int | None) -> sql.Composed:
    """Each row's columns by their names, as a dump may put them into another order; without generated ones.

    Hashed in the form that binary clients are sent, which is exact and takes 0.55 to 0.7 of the time of their text.
    """
    from psycopg import sql

    whole = sql.SQL("convert_to(ROW({})::text, getdatabaseencoding())")
    names = [(sql.Identifier(name), name in one.as_text) for name in one.columns]
    columns = sql.SQL(", ").join(whole.format(name) if as_text else name for name, as_text in names)
    conditions = [one.condition.strip()[len("where") :]] if one.condition.strip() else []
    conditions += [f"ctid >= '({first},0)'::pg_catalog.tid"] if first else []
    conditions += [f"ctid < '({end},0)'::pg_catalog.tid"] if end is not None else []
    where = " WHERE " + " AND ".join(f"({one})" for one in conditions) if conditions else ""
    only = "" if one.kind == "materialized view" else "ONLY "
    hashes = ", ".join(f"coalesce(sum(hash_record_extended(ROW(x), {seed})), 0)" for seed in SEEDS)
    return sql.SQL("SELECT count(*), {} FROM (SELECT record_send(ROW({})) AS x FROM {}{}{} OFFSET 0) q").format(
        sql.SQL(hashes), columns, sql.SQL(only), sql.Identifier(one.schema, one.name), sql.SQL(where)
    )


def large_objects(connection: psycopg.Connection, number: int, jobs: int | None) -> tuple[int, int, int]:
    """Of one of so many shares, by chunks, as many objects at once as there are: few are larger than the first."""
    sent = "ROW(record_send(ROW(oid, %(chunk)s::bigint, data)))"
    hashes = ", ".join(f"coalesce(sum(hash_record_extended({sent}, {seed})), 0)" for seed in SEEDS)
    query = (
        f"SELECT count(*), {hashes}, coalesce(array_agg(oid::bigint) FILTER (WHERE length(data) = {CHUNK}), '{{}}')"  # noqa: S608 - our own numbers
        f" FROM (SELECT oid, lo_get(oid, %(chunk)s::bigint * {CHUNK}, {CHUNK}) AS data FROM pg_largeobject_metadata"
        " WHERE CONDITION OFFSET 0) q"
    )
    found, chunk, longer = Sum(), 0, [0]
    while longer:
        condition = "oid = ANY(%(longer)s::oid[])" if chunk else "oid::bigint %% %(jobs)s = %(number)s"
        values = {"chunk": chunk, "longer": longer, "jobs": jobs, "number": number}
        row = connection.execute(query.replace("CONDITION", condition).encode(), values).fetchone()
        assert row is not None  # noqa: S101 - an aggregate gives one
        found.add(0 if chunk else row[0], row[1], row[2])
        longer, chunk = row[3], chunk + 1
    return found.rows, *found.hashes
