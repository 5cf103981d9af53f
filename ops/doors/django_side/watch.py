"""Which locks a migration takes on which table, at which statement, and how long it keeps them.

PostgreSQL keeps a lock until the transaction ends. So each statement is timed, and asked after it which locks there
are by now: held from that statement's beginning until the commit. A statement outside of any transaction is given one
of its own, which changes nothing. Where it refuses one, as CREATE INDEX CONCURRENTLY does, a second connection looks.

Time stands while the server, at work on a statement, or we, between two of them, wait for a processor that others
have, and while it is asked which locks there are: neither is the migration's. It goes on while anybody waits for a
disk, for a lock or sleeps.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

from ops.doors.django_side.waiting import at_work, waited

LOOK_SECONDS = 0.001
LOCKS = """
    SELECT format('%%I', c.relname), l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE l.locktype = 'relation' AND l.granted AND l.pid = %s AND c.relkind IN ('r', 'p')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""
SERVER = "postgres"  # the name of its processes
OURS, SERVERS = 0, 1
LOOKS = 5
RESTS = 50
Waits = Callable[[int], tuple[float, float]]
OF_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET ")


@dataclass(frozen=True)
class Lock:
    """One that was held; `sampled` where its time was looked at from outside, a millisecond apart."""

    table: str
    mode: str
    milliseconds: float
    statement: str
    sampled: bool = False

    def shown(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def waits(server: int) -> tuple[float, float]:
    """How long we and the server's process have waited for a processor by now."""
    return waited(os.getpid()), waited(server, SERVER)


class Watch:
    """Wraps every statement of a connection."""

    def __init__(self, connection: BaseDatabaseWrapper, waits: Waits = waits) -> None:
        self._connection = connection
        self._waits = waits
        self._open: dict[tuple[str, str], tuple[float, str]] = {}
        self._seen: set[str] = set()
        connection.ensure_connection()
        self._server: int = connection.connection.info.backend_pid
        self._looked, self._waited = self._look_at_clocks()
        self._stood = 0.0
        self.locks: list[Lock] = []

    def now(self) -> float:
        """In seconds; see above for when it stands."""
        self._passed(who=OURS)
        return self._looked - self._stood

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Carry out a statement."""
        raw: psycopg.Connection[Any] = self._connection.connection
        text = str(sql)
        alone = raw.autocommit and raw.info.transaction_status == TransactionStatus.IDLE
        if alone and not text.startswith(OF_TRANSACTIONS):
            return self._alone(raw, lambda: execute(sql, params, many, context), text)
        began = self._at_rest()
        answer = execute(sql, params, many, context)
        self._passed(who=SERVERS)
        if text not in self._seen and not text.startswith(OF_TRANSACTIONS):
            self._seen.add(text)
            if not self._open:
                transaction.on_commit(self.released)
            self._note(raw, began, text)
        return answer

    def released(self) -> None:
        """The transaction has ended, and its locks with it."""
        now = self.now()
        for (table, mode), (began, statement) in self._open.items():
            self.locks.append(Lock(table, mode, (now - began) * 1000, statement))
        self._open.clear()
        self._seen.clear()

    def _passed(self, *, who: int) -> None:
        """Since the last call one of both was at work: what that waited for does not count, and the other's does."""
        looked, waited_for = self._look_at_clocks()
        # Never more than has passed: a server may wait for a while after it has answered.
        self._stood += min(waited_for[who] - self._waited[who], looked - self._looked)
        self._looked, self._waited = looked, waited_for

    def _at_rest(self) -> float:
        """The time, once the server has nothing to do: what it still waits for belongs to the statement before."""
        began = self.now()
        for _ in range(RESTS):
            if not at_work(self._server, SERVER):
                break
            time.sleep(LOOK_SECONDS)
        self._looked, self._waited = self._look_at_clocks()
        self._stood = self._looked - began
        return began

    def _look_at_clocks(self) -> tuple[float, tuple[float, float]]:
        """All at one moment: none in which we wait between two of them."""
        after = self._waits(self._server)
        for _ in range(LOOKS):
            before, now = after, time.perf_counter()
            after = self._waits(self._server)
            if before == after:
                break
        return now, after

    def _note(self, raw: psycopg.Connection[Any], began: float, statement: str) -> None:
        looked = self.now()
        with raw.cursor() as cursor:
            found = cursor.execute(LOCKS, [raw.info.backend_pid]).fetchall()
        self._looked, self._waited = self._look_at_clocks()
        self._stood = self._looked - looked
        for held in found:
            self._open.setdefault(held, (began, statement))

    def _alone(self, raw: psycopg.Connection[Any], execute: Callable[[], Any], text: str) -> Any:
        """A statement that is its own transaction."""
        self.released()
        began = self._at_rest()
        raw.execute("BEGIN")
        try:
            answer = execute()
            self._passed(who=SERVERS)
        except Exception as error:
            raw.execute("ROLLBACK")
            if isinstance(error.__cause__, psycopg.errors.ActiveSqlTransaction):
                return self._sampled(raw, execute, text)
            raise
        self._note(raw, began, text)
        raw.execute("COMMIT")
        self.released()
        return answer

    def _sampled(self, raw: psycopg.Connection[Any], execute: Callable[[], Any], text: str) -> Any:
        seen: dict[tuple[str, str], tuple[float, float]] = {}
        done = threading.Event()
        looking = threading.Thread(target=self._look, args=(raw.info.backend_pid, seen, done), daemon=True)
        looking.start()
        try:
            return execute()
        finally:
            done.set()
            looking.join()
            for (table, mode), (first, last) in seen.items():
                self.locks.append(Lock(table, mode, (last - first) * 1000, text, sampled=True))

    def _look(self, pid: int, seen: dict[tuple[str, str], tuple[float, float]], done: threading.Event) -> None:
        parameters = self._connection.get_connection_params()
        with suppress(psycopg.Error), psycopg.connect(**parameters | {"autocommit": True}) as other:
            while not done.wait(LOOK_SECONDS):
                now = time.perf_counter()
                for held in other.cursor(row_factory=psycopg.rows.tuple_row).execute(LOCKS, [pid]).fetchall():
                    seen[held] = (seen.get(held, (now, now))[0], time.perf_counter())
