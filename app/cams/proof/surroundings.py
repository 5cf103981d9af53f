"""What the release needs around it: its database at its own migrations, its cache and its storages."""

import logging
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import AuthenticationError, RedisError
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer

from cams import database
from cams.proof.board import board
from cams.proof.reasons import NO_DATABASE, NotYet, Unfit

logger = logging.getLogger("cams.proof")

PROBE = "start-up-proof"  # no file of that name is looked for


def prove() -> None:
    """Raise what is missing (`NotYet`) or wrong, or return."""
    board.begin("asking the database", limited=False)  # its own limits hold: to connect, and for a statement
    prove_database()
    board.begin("asking the cache")
    prove_cache()
    board.begin("asking the storages")
    prove_storages()


def prove_database() -> None:
    """It answers, can be written, and is neither behind this release nor of another history."""
    try:
        pending = database.pending_migrations(prove_history())
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            read_only = cursor.fetchone() == ("on",)
    except (OperationalError, InterfaceError) as error:
        logger.warning("the database does not answer: %s", database.reason(error))
        raise NotYet(NO_DATABASE) from error
    if pending:
        raise NotYet(f"{len(pending)} migrations are pending, first {pending[0]}")
    if read_only:  # as it is during a fail-over, or when its disk is full
        raise NotYet("the database is read-only")


def prove_history() -> MigrationExecutor:
    """The migrations of this release fit each other and those that the database has had."""
    executor = MigrationExecutor(connection)
    if conflicts := executor.loader.detect_conflicts():
        raise Unfit(f"the migrations of {', '.join(sorted(conflicts))} have more than one end")
    executor.loader.check_consistent_history(connection)
    return executor


def prove_cache() -> None:
    """It answers, or it may be away (CACHE_OPTIONAL) and is; one that refuses us is wrong and no outage."""
    if not settings.ENVIRONMENT.redis_url:
        return
    try:
        cache.ask()  # type: ignore[attr-defined] # of our own, which Redis asks for
    except AuthenticationError as error:
        raise Unfit("the cache refuses the user or the password in REDIS_URL") from error
    except (NoConnection, NoAnswer) as error:
        logger.warning("the cache does not answer: %s", type(error).__name__)
        if not settings.ENVIRONMENT.cache_optional:
            raise NotYet("the cache does not answer, and CACHE_OPTIONAL is false") from error
    except RedisError as error:
        raise Unfit(f"the cache at REDIS_URL is none: {type(error).__name__}") from error


def prove_storages() -> None:
    """Each can be asked for a file."""
    for alias in storages.backends:
        storages[alias].exists(PROBE)
    root = Path(settings.STATIC_ROOT)
    if not root.is_dir():
        raise Unfit(f"there are no static files: {root} is no folder")
