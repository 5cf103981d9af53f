"""Connections that outlive their request, each opened and checked by the request that needs it.

psycopg's own pool opens them in threads of its own: these wait longer and longer after each failure, and so do the
requests behind them, also when the database has long been back.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import generators
from psycopg.pq import ExecStatus, TransactionStatus

Connection = psycopg.Connection[Any]
ANSWER_SEC = 2.0  # for the answer to nothing at all
JITTER = 0.1  # so that connections opened together are not all renewed together


@dataclass(frozen=True)
class Idle:
    """A connection that nobody uses."""

    connection: Connection
    expires: float


class Pool:
    """At most `size` connections; who finds all in use waits up to `timeout` seconds for one."""

    def __init__(self, size: int, timeout: float, lifetime: float) -> None:
        self._size, self._timeout, self._lifetime = size, timeout, lifetime
        self._places = threading.BoundedSemaphore(size)
        self._idle: deque[Idle] = deque()
        self._expires: dict[Connection, float] = {}  # of those in use
        self._closed = False

    def take(self, connect: Callable[[], Connection]) -> Connection:
        """One that works; where there is none and none can be opened, the driver's error, at once."""
        if not self._places.acquire(timeout=self._timeout):
            raise psycopg.OperationalError(f"all {self._size} connections were in use for {self._timeout:g} s")
        try:
            idle = self._take_idle()
            if idle is None:
                expires = time.monotonic() + self._lifetime * random.uniform(1 - JITTER, 1)  # noqa: S311 - no secret
                idle = Idle(connect(), expires)
        except BaseException:
            self._places.release()
            raise
        self._expires[idle.connection] = idle.expires
        return idle.connection

    def give_back(self, connection: Connection) -> None:
        """Keep it for the next one if it still works and is not too old."""
        expires = self._expires.pop(connection)
        try:
            if not self._closed and time.monotonic() < expires and _reset(connection):
                self._idle.append(Idle(connection, expires))
            else:
                connection.close()
        finally:
            self._places.release()

    def close(self) -> None:
        """Close what nobody uses. What is in use is closed when it is given back."""
        self._closed = True
        self._drop_idle()

    def _take_idle(self) -> Idle | None:
        """The one used last. Where one is dead, the others are too: the same server ended, or the same network."""
        with suppress(IndexError):
            while True:
                idle = self._idle.pop()
                fresh = time.monotonic() < idle.expires
                if fresh and _answers(idle.connection):
                    return idle
                idle.connection.close()
                if fresh:
                    self._drop_idle()
        return None

    def _drop_idle(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.popleft().connection.close()


def _reset(connection: Connection) -> bool:
    """Without a transaction that somebody has left open; False where that cannot be had."""
    with suppress(psycopg.Error):
        if connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            connection.rollback()
    return bool(connection.info.transaction_status == TransactionStatus.IDLE)


def _answers(connection: Connection) -> bool:
    """Whether the server says something: one that is frozen keeps its connections and says nothing, for hours."""
    try:
        connection.autocommit = True  # Django sets it as it wants it
        connection.pgconn.send_query(b"")
        results = connection.wait(generators.execute(connection.pgconn), timeout=ANSWER_SEC)
    except psycopg.Error:
        return False
    return [result.status for result in results] == [ExecStatus.EMPTY_QUERY]
