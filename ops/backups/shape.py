"""In how many objects a backup is stored, and what `pg_dump` is told for each: pure, by the sizes of the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ops.backups.manifest import Kind, Mode
from ops.doors.postgres_snapshot import Relation

FROM_BYTES = 64 << 20  # of data; a smaller database is one archive
WORTH = 1 << 20  # bytes of a table that is dumped apart from the rest


@dataclass(frozen=True)
class Piece:
    """One object, and what `pg_dump` is told to write into it."""

    name: str
    kind: Kind
    words: tuple[str, ...]
    size: int
    """About how many bytes."""


@dataclass(frozen=True)
class Shape:
    """All of a backup."""

    mode: Mode
    why: str
    pieces: tuple[Piece, ...]


def shape_of(relations: Sequence[Relation], *, cores: int, statistics: bool, from_bytes: int = FROM_BYTES) -> Shape:
    """One archive for a small database; else the schema and as many data parts as there are cores."""
    extra = ("--statistics",) if statistics else ()
    tables = [one for one in relations if one.kind == "table"]
    total = sum(one.size for one in tables)
    if total < from_bytes:
        why = f"{_mib(total)} MiB of tables, and parts are worth it from {_mib(from_bytes)} MiB"
        return Shape("single", why, (Piece("archive", "archive", extra, total),))
    bins = _balanced([one for one in tables if one.size >= WORTH and _nameable(one)], max(1, cores))
    apart = [one for some in bins[1:] for one in some]
    rest = total - sum(one.size for one in apart)
    sections = ("--section=pre-data", "--section=post-data")
    pieces = [Piece("schema", "schema", (*sections, *extra), 1 << 20)]
    # Whatever no other part names is in the first: small tables, large objects, sequences.
    without = tuple(f"--exclude-table-data={_pattern(one)}" for one in apart)
    pieces.append(Piece("data-01", "data", ("--section=data", *extra, *without), rest))
    for number, some in enumerate(bins[1:], start=2):
        named = tuple(f"--table={_pattern(one)}" for one in some)
        size = sum(one.size for one in some)
        pieces.append(Piece(f"data-{number:02}", "data", ("--section=data", *extra, *named), size))
    why = f"{_mib(total)} MiB of tables: {len(bins)} data parts are written, and can be restored, side by side"
    return Shape("parts", why, tuple(pieces))


def _balanced(tables: Sequence[Relation], parts: int) -> list[list[Relation]]:
    """The largest first, each to the part that has least; the least of all parts, which also gets the rest, first."""
    bins: list[list[Relation]] = [[] for _ in range(parts)]
    for table in sorted(tables, key=lambda one: (-one.size, one.oid)):
        min(bins, key=lambda some: sum(one.size for one in some)).append(table)
    bins.sort(key=lambda some: sum(one.size for one in some))
    return [bins[0], *(some for some in bins[1:] if some)]


def _nameable(table: Relation) -> bool:
    """`pg_dump` reads patterns in the encoding of the database, which need not be ours."""
    return f"{table.schema}{table.name}".isascii()


def _pattern(table: Relation) -> str:
    return ".".join('"' + name.replace('"', '""') + '"' for name in (table.schema, table.name))


def _mib(size: int) -> int:
    return round(size / (1 << 20))
