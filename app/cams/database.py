"""The database as the whole app sees it: waiting for it, migrating it once, and whether it last answered."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import get_ident
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from cams.failures import StartError
from cams.migration_watch import watched
from cams.postgres.base import DatabaseWrapper

logger = logging.getLogger("cams.database")

# Any number will do, as long as every instance of every release takes the same.
MIGRATION_LOCK = 0x63616D73  # "cams"
MIGRATION_LOCK_TIMEOUT_SEC = 600
RETRY_SEC = 0.25
REPORT_SEC = 5.0
HELD_UP = (
    "its transaction was rolled back; make it hold its locks shortly, deploy it again when no long query runs, or let"
    " everybody wait, with MIGRATION_OTHERS_WAIT_SEC=0"
)


class LastSeen:
    """What this process last learned of the database, kept so that `/health/` need not ask it."""

    def __init__(self) -> None:
        self.state = "unknown"
        self.at: datetime | None = None

    def answered(self, **_: Any) -> None:
        """The database was reached just now."""
        self.state, self.at = "ok", datetime.now(UTC)

    def failed(self) -> None:
        """The database could not be reached just now."""
        self.state, self.at = "error", datetime.now(UTC)


last_seen = LastSeen()


def where() -> str:
    """The database's address without user and password, for messages."""
    settings = connection.settings_dict
    return f"{settings['HOST']}:{settings['PORT'] or 5432}/{settings['NAME']}"


def reason(error: BaseException) -> str:
    """The first line of what a driver's error says."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def wait(seconds: float) -> None:
    """Return once the database accepts a connection, or give up after `seconds`."""
    give_up = time.monotonic() + seconds
    report = time.monotonic()
    while True:
        try:
            _connect().close()
        except psycopg.OperationalError as error:
            now = time.monotonic()
            if now >= give_up:
                raise StartError(
                    "cannot start",
                    f"the database at {where()} did not answer within {seconds:g} s: {reason(error)}",
                    "check DATABASE_URL and that the database is available",
                ) from error
            if now >= report:
                logger.warning("waiting for the database at %s: %s", where(), reason(error))
                report = now + REPORT_SEC
            time.sleep(RETRY_SEC)
        else:
            last_seen.answered()
            return


def pending_migrations(executor: MigrationExecutor | None = None) -> list[str]:
    """Migrations of this release that the database has not had, as `app.name`."""
    executor = executor or MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate(others_wait_sec: float) -> None:
    """Bring the database to this release, once, however many instances start together.

    A migration that others have waited for that long is ended, so that it does not take the release before down.
    """
    with _migration_lock() as lock:
        pending = pending_migrations()
        if not pending:
            logger.info("no pending migrations")
            return
        logger.info("applying %d migrations: %s", len(pending), ", ".join(pending))
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # rewriting a table takes what it takes
            cursor.execute("SELECT pg_backend_pid()")
            (migrating,) = cursor.fetchone()
        with watched(lock, migrating, others_wait_sec) as watch:
            try:
                call_command("migrate", interactive=False, verbosity=0)
            except Exception as error:
                logger.exception("migration failed")
                if watch.ended:
                    raise StartError("migration ended", watch.ended, HELD_UP) from error
                raise StartError(
                    "migration failed",
                    f"{type(error).__name__}: {reason(error)}",
                    "the failing migration's changes were rolled back; mend it and deploy again",
                ) from error
        logger.info("applied %d migrations", len(pending))


def wait_for_migrations(seconds: float, *, pause: Callable[[float], None] = time.sleep) -> None:
    """Return once nothing is pending: somebody else, a web instance or a pre-deploy command, migrates."""
    report = time.monotonic()
    while pending := pending_migrations():
        if time.monotonic() >= report:
            logger.warning("waiting for %d pending migrations, first %s", len(pending), pending[0])
            report = time.monotonic() + REPORT_SEC
        pause(seconds)


def close() -> None:
    """Close every connection and the pool, whose threads a forked worker would not have."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined] # our own backend's


def use_own_connection() -> None:
    """Give this thread a connection outside the pool, so that it needs nothing that the others hold."""
    own = {**connection.settings_dict, "POOL": {**connection.settings_dict["POOL"], "size": 1}}
    connections["default"] = DatabaseWrapper(own, alias=f"own-{get_ident()}")


@contextmanager
def _migration_lock() -> Iterator[psycopg.Connection[Any]]:
    """Hold the lock on a connection of its own: it is released whatever happens to this process."""
    with _connect() as lock:
        lock.execute(f"SET statement_timeout = 0; SET lock_timeout = '{MIGRATION_LOCK_TIMEOUT_SEC}s'")
        got = lock.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATION_LOCK]).fetchone()
        if not (got and got[0]):
            logger.info("another instance is migrating; waiting for it")
            try:
                lock.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            except psycopg.errors.LockNotAvailable as error:
                raise StartError(
                    "migration failed",
                    f"another instance has held the migration lock for {MIGRATION_LOCK_TIMEOUT_SEC} s",
                    "look at that instance's log, or end its session in pg_stat_activity",
                ) from error
        yield lock


def _connect() -> psycopg.Connection[Any]:
    """A plain connection outside the pool, which would hide why there is none."""
    return psycopg.connect(autocommit=True, **connection.get_connection_params())
