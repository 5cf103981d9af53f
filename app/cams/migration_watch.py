"""Ends a migration that others wait for: whatever a release changes, the one before goes on serving meanwhile."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

logger = logging.getLogger("cams.migration_watch")

LOOK_SEC = 0.1
# Who waits behind a migration, also behind one that waits for its own lock.
WAITING = (
    "SELECT DISTINCT pid FROM pg_locks WHERE NOT granted AND pid <> %(pid)s AND %(pid)s = ANY (pg_blocking_pids(pid))"
)
TABLES = """
SELECT DISTINCT relation::regclass::text FROM pg_locks
WHERE NOT granted AND relation IS NOT NULL AND pid = ANY (%s) ORDER BY 1
"""


class Watch:
    """What one migrating session has held up."""

    def __init__(self, connection: psycopg.Connection[Any], migrating: int, limit: float) -> None:
        self.ended = ""
        """Why the migration was ended; nothing where it was not."""
        self._connection = connection
        self._migrating = migrating
        self._limit = limit
        self._since: dict[int, float] = {}
        self._over = threading.Event()

    def run(self) -> None:
        """Look until it is over."""
        try:
            while not self._over.wait(LOOK_SEC) and not self.ended:
                self._look()
        except psycopg.Error as error:  # a server that is gone has ended the migration, too
            logger.warning("nobody watches any longer whom the migration holds up: %s", error)

    def stop(self) -> None:
        """It is over."""
        self._over.set()

    def _look(self) -> None:
        now = time.monotonic()
        waiting = [pid for (pid,) in self._connection.execute(WAITING, {"pid": self._migrating})]
        self._since = {pid: self._since.get(pid, now) for pid in waiting}
        longest = now - min(self._since.values(), default=now)
        if longest < self._limit:
            return
        tables = ", ".join(name for (name,) in self._connection.execute(TABLES, [waiting]))
        self.ended = f"{len(waiting)} sessions waited for it, up to {longest:.1f} s, at {tables or 'no table'}"
        logger.warning("ending the migration: %s", self.ended)
        # The session and not its statement: between two statements of a transaction its locks are held as well.
        self._connection.execute("SELECT pg_terminate_backend(%s)", [self._migrating])


@contextmanager
def watched(connection: psycopg.Connection[Any], migrating: int, limit: float) -> Iterator[Watch]:
    """End that session as soon as others have waited for it for `limit` seconds; 0 lets it take what it takes."""
    watch = Watch(connection, migrating, limit)
    thread = threading.Thread(target=watch.run, name="migration-watch", daemon=True)
    if limit:
        thread.start()
    try:
        yield watch
    finally:
        watch.stop()
        if limit:
            thread.join()
