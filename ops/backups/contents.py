"""What a database holds, exactly and in few bytes: kept with a backup, and compared with what is restored of it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from ops.doors import postgres_contents
from ops.doors.postgres_snapshot import Held

MATERIALIZED = "materialized view"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Table(_Frozen):
    """Its rows and their hash, in whatever order they come; neither where another server has them, or nobody yet."""

    kind: str = "table"
    rows: int | None = None
    hash: str | None = None


class Sequence(_Frozen):
    """Where it stands."""

    last_value: int
    is_called: bool
    increment: int = 1


class LargeObjects(_Frozen):
    """How many, and the hash of their numbers and contents."""

    count: int = 0
    hash: str = "0" * 32


class Contents(_Frozen):
    """All that a dump has to carry."""

    tables: dict[str, Table] = {}
    sequences: dict[str, Sequence] = {}
    large_objects: LargeObjects = LargeObjects()
    extensions: dict[str, str] = {}
    migrations: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows or 0 for table in self.tables.values())


def read(
    url: str, *, snapshot: str | Held | None = None, jobs: int = 2, known: postgres_contents.Sums | None = None
) -> Contents:
    """In a snapshot that somebody holds (`ops.doors.postgres_snapshot.holding`), or in one of its own."""
    return Contents.model_validate(postgres_contents.read(url, snapshot=snapshot, jobs=jobs, known=known))


def differences(wanted: Contents, found: Contents) -> list[str]:
    """What is not as it was, a sentence each; none: it is the same.

    A restore computes materialised views anew, so theirs may differ: `notes` tells of them.
    """
    return [
        *_tables(wanted, found),
        *_sequences(wanted, found),
        *_large_objects(wanted.large_objects, found.large_objects),
        *_extensions(wanted, found),
        *_migrations(wanted, found),
    ]


def notes(wanted: Contents, found: Contents) -> list[str]:
    """What differs without being wrong."""
    return [
        f"materialised view {name} has been computed anew and differs from what was stored"
        for name, table in wanted.tables.items()
        if table.kind == MATERIALIZED
        and table.hash is not None
        and (there := found.tables.get(name)) is not None
        and there.hash not in {None, table.hash}
    ]


def _tables(wanted: Contents, found: Contents) -> Iterator[str]:
    for name, table in wanted.tables.items():
        there = found.tables.get(name)
        if there is None:
            yield f"{table.kind} {name} is missing"
        elif there.kind != table.kind:
            yield f"{name} is a {there.kind}, and was a {table.kind}"
        elif (there.hash is None) != (table.hash is None):
            yield f"{table.kind} {name} {'is' if there.hash is None else 'was'} not populated"
        elif table.kind == MATERIALIZED:
            continue
        elif there.rows != table.rows:
            yield f"{table.kind} {name} has {there.rows} rows, and had {table.rows}"
        elif there.hash != table.hash:
            yield f"{table.kind} {name} has as many rows as it had, {table.rows}, and not the same ones"
    for name in found.tables.keys() - wanted.tables.keys():
        yield f"{found.tables[name].kind} {name} was not there"


def _sequences(wanted: Contents, found: Contents) -> Iterator[str]:
    for name, sequence in wanted.sequences.items():
        there = found.sequences.get(name)
        if there is None:
            yield f"sequence {name} is missing"
        elif there.increment != sequence.increment:
            yield f"sequence {name} goes by {there.increment}, and went by {sequence.increment}"
        elif _next(there) * sequence.increment < _next(sequence) * sequence.increment:
            yield f"sequence {name} is behind: it goes on with {_next(there)}, and would have with {_next(sequence)}"
    for name in found.sequences.keys() - wanted.sequences.keys():
        yield f"sequence {name} was not there"


def _next(sequence: Sequence) -> int:
    return sequence.last_value + (sequence.increment if sequence.is_called else 0)


def _large_objects(wanted: LargeObjects, found: LargeObjects) -> Iterator[str]:
    if wanted.count != found.count:
        yield f"there are {found.count} large objects, and were {wanted.count}"
    elif wanted.hash != found.hash:
        yield f"there are as many large objects as there were, {wanted.count}, and not the same ones"


def _extensions(wanted: Contents, found: Contents) -> Iterator[str]:
    for name, version in wanted.extensions.items():
        there = found.extensions.get(name)
        if there is None:
            yield f"extension {name} is missing"
        elif _ordered(there) < _ordered(version):
            yield f"extension {name} is {there}, older than {version}"


def _ordered(version: str) -> tuple[tuple[int, int, str], ...]:
    parts = version.replace("-", ".").split(".")
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)


def _migrations(wanted: Contents, found: Contents) -> Iterator[str]:
    there, then = set(found.migrations), set(wanted.migrations)
    for name in sorted(then - there):
        yield f"migration {name} is not recorded as applied"
    for name in sorted(there - then):
        yield f"migration {name} is recorded as applied, and was not"
