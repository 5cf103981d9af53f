"""What a database holds at one moment, as counts and hashes: read over connections that share big tables."""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ops.doors.postgres_hashes import Sum, large_objects, statement
from ops.doors.postgres_snapshot import Held, Relation, holding, opened, relations, sequences, shown

if TYPE_CHECKING:
    import psycopg

PIECE = 32 << 20  # of a table, for one connection at a time
HASHED = {"table", "materialized view"}


@dataclass(frozen=True)
class Piece:
    """Some pages of a table, or some of the large objects, which have no table."""

    relation: Relation | None
    first: int = 0
    end: int | None = None  # none: to the end, wherever that is by then
    size: int = 0


Sums = dict[str, Sum]
"""Of tables by the names that they are shown by, and of all large objects by none."""


def read(url: str, *, snapshot: str | Held | None = None, jobs: int = 2, known: Sums | None = None) -> dict[str, Any]:
    """All that it holds: in that snapshot, which somebody holds with its locks, or in one of our own."""
    if isinstance(snapshot, str):
        with opened(url, snapshot) as connection:
            held = Held(snapshot, relations(connection), sequences(connection))
        return _read(url, held, jobs, known or {})
    with nullcontext(snapshot) if snapshot else holding(url) as held:
        return _read(url, held, jobs, known or {})


def rows(url: str, stop: threading.Event, *, jobs: int = 2) -> Sums:
    """Of tables and large objects while nobody writes: whoever builds indexes waits for one piece at most."""
    with _connections(url, "", max(1, jobs)) as connections:
        for connection in connections:
            connection.execute("SET lock_timeout = 0")  # an index may take as long as it likes
        tables = [one for one in relations(connections[0]) if one.kind == "table"]
        sums = _summed(connections, _pieces(tables, jobs), None, stop)
    return {one.shown: sums[one.oid] for one in tables} | {"": sums[0]}


def _read(url: str, held: Held, jobs: int, known: Sums) -> dict[str, Any]:
    left = [one for one in held.relations if one.shown not in known]
    with _connections(url, held.snapshot, max(1, jobs)) as connections:
        pieces = _pieces(left, 0 if known else jobs)
        sums = _summed(connections, pieces, held.connection, threading.Event())
        said = _catalog(connections[0])
    sums |= {one.oid: known[one.shown] for one in held.relations if one.shown in known}
    sums |= {0: known[""]} if known else {}
    return {
        "tables": {
            one.shown: _table(one, sums[one.oid]) for one in sorted(held.relations, key=lambda one: one.shown)
        },
        "sequences": held.sequences,
        "large_objects": {"count": sums[0].rows, "hash": sums[0].text},
        **said,
    }


def _summed(
    connections: list[psycopg.Connection],
    pieces: Iterator[Piece],
    locked: psycopg.Connection | None,
    stop: threading.Event,
) -> defaultdict[int, Sum]:
    sums: defaultdict[int, Sum] = defaultdict(Sum)
    lock, work = threading.Lock(), queue.SimpleQueue[Piece]()
    for piece in sorted(pieces, key=lambda one: -one.size):
        work.put(piece)

    def worker(connection: psycopg.Connection) -> None:
        while not stop.is_set():
            try:
                piece = work.get_nowait()
            except queue.Empty:
                return
            found = _found(connection, piece, locked)
            with lock:
                sums[piece.relation.oid if piece.relation else 0].add(*found)

    _together(worker, connections, stop)
    return sums


def _table(one: Relation, found: Sum) -> dict[str, Any]:
    hashed = one.kind in HASHED and one.populated
    return {"kind": one.kind, "rows": found.rows if hashed else None, "hash": found.text if hashed else None}


def _pieces(there: Iterable[Relation], jobs: int) -> Iterator[Piece]:
    for one in there:
        if one.kind not in HASHED or not one.populated:
            continue
        pieces = max(1, min(one.size // PIECE, one.pages)) if one.can_be_cut else 1
        bounds = [one.pages * number // pieces for number in range(pieces)]
        for first, end in zip(bounds, [*bounds[1:], None], strict=True):
            yield Piece(one, first, end, one.size // pieces)
    for number in range(jobs):
        yield Piece(None, number, jobs)


def _found(connection: psycopg.Connection, piece: Piece, locked: psycopg.Connection | None) -> tuple[Any, ...]:
    """Who waits for a table waits for us, and we behind him: then it is read by the one who has its lock."""
    import psycopg
    from psycopg import sql

    if piece.relation is None:
        return large_objects(connection, piece.first, piece.end)
    if piece.relation.kind == "table" and locked is not None:
        try:
            with connection.transaction():
                name = sql.Identifier(piece.relation.schema, piece.relation.name)
                connection.execute(sql.SQL("LOCK TABLE ONLY {} IN ACCESS SHARE MODE NOWAIT").format(name))
        except psycopg.errors.LockNotAvailable:
            return _rows(locked, piece)
    return _rows(connection, piece)


def _rows(connection: psycopg.Connection, piece: Piece) -> tuple[Any, ...]:
    assert piece.relation is not None  # noqa: S101 - large objects are read elsewhere
    row = connection.execute(statement(piece.relation, piece.first, piece.end)).fetchone()
    return row or (0, 0, 0)


def _catalog(connection: psycopg.Connection) -> dict[str, Any]:
    from psycopg import sql

    extensions = connection.execute("SELECT extname, extversion FROM pg_extension ORDER BY 1").fetchall()
    kept = connection.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relname = 'django_migrations' AND c.relkind = 'r' AND n.nspname !~ '^pg_' ORDER BY 1"
    ).fetchall()
    done: list[str] = []
    for schema, name in kept:
        table = sql.Identifier(schema, name)
        query = sql.SQL("SELECT DISTINCT app, name FROM {} ORDER BY 1, 2").format(table)
        done += [f"{app}.{migration}" for app, migration in connection.execute(query).fetchall()]
    return {"extensions": {shown(str(name)): str(version) for name, version in extensions}, "migrations": done}


@contextmanager
def _connections(url: str, snapshot: str, jobs: int) -> Iterator[list[psycopg.Connection]]:
    with ExitStack() as stack:
        yield [stack.enter_context(opened(url, snapshot)) for _ in range(jobs)]


def _together(
    worker: Callable[[psycopg.Connection], None], connections: list[psycopg.Connection], stop: threading.Event
) -> None:
    """What one cannot do ends all: nobody waits for a table that no longer matters."""

    def run(connection: psycopg.Connection) -> None:
        try:
            worker(connection)
        except BaseException:
            stop.set()
            raise
        finally:
            ended.release()

    ended = threading.Semaphore(0)
    with ThreadPoolExecutor(len(connections)) as pool:
        runs = [pool.submit(run, one) for one in connections]
        try:
            for _ in runs:
                ended.acquire()
                if stop.is_set():
                    break
        finally:
            stop.set()
            for run_, connection in zip(runs, connections, strict=True):
                if not run_.done():
                    connection.cancel()
        errors = [error for one in runs if (error := one.exception()) is not None]
    if errors:
        raise errors[0]
