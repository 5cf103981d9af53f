"""The door to PostgreSQL: a scratch server that leaves nothing behind, and copies of databases in it."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from console.errors import ExplainedError
from ops.doors.postgres_programs import ELSEWHERE, programs
from ops.doors.postgres_server import started

PREFIX = "slipway_scratch_"
DUMP = ("--format=custom", "--no-owner", "--no-privileges", "--no-publications", "--no-subscriptions", "--compress=0")
LOCK_PATIENCE = "10s"  # for what somebody else holds at the environment's database
VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
             "sslmode": "PGSSLMODE"}  # fmt: skip


@dataclass(frozen=True)
class Scratch:
    """A server of a major version, with databases of this run alone."""

    url: str
    version: str
    run: str

    def create(self, name: str, *, template: str = "") -> str:
        """The address of a new database: empty, or with all that another one has."""
        full = f"{self.run}_{name}"
        options = f' TEMPLATE "{self.run}_{template}"' if template else " TEMPLATE template0"
        _execute(self.url, f'CREATE DATABASE "{full}"{options}')
        return at(self.url, full)

    def drop(self, name: str) -> None:
        """Forget one, and whoever uses it."""
        _execute(self.url, f'DROP DATABASE IF EXISTS "{self.run}_{name}" WITH (FORCE)')

    def fill(self, target: str, source: str) -> None:
        """Copy all that a database has, without a file between: what `pg_dump` reads goes into `pg_restore`."""
        binaries = programs(self.version)
        dump = [str(binaries / "pg_dump"), *DUMP, f"--lock-wait-timeout={LOCK_PATIENCE}"]
        restore = [str(binaries / "pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error"]
        restore += ["--dbname", urlsplit(target).path.lstrip("/")]
        with tempfile.TemporaryFile() as said_by_dump, tempfile.TemporaryFile() as said_by_restore:
            reads = subprocess.Popen(dump, env=environment(source), stdout=subprocess.PIPE, stderr=said_by_dump)
            writes = subprocess.Popen(restore, env=environment(target), stdin=reads.stdout, stderr=said_by_restore)
            assert reads.stdout is not None  # noqa: S101 - it was asked for
            reads.stdout.close()
            restored, dumped = writes.wait(), reads.wait()
            for code, log in ((dumped, said_by_dump), (restored, said_by_restore)):
                # One that is not read to the end is told first by who stopped reading.
                if code not in (0, -signal.SIGPIPE):
                    log.seek(0)
                    lines = log.read().decode(errors="replace").strip().splitlines()
                    raise CopyError(lines[0] if lines else f"exit code {code}")


class CopyError(Exception):
    """A database that could not be copied, in PostgreSQL's words."""


@contextmanager
def scratch(version: str, url: str = "") -> Iterator[Scratch]:
    """One on a free port, as a user without rights where we are root; or databases in the server that is named.

    What a run left that was killed is gone when the next one begins.
    """
    run = f"{PREFIX}{secrets.token_hex(4)}"
    if url:
        with _in_another(Scratch(url, version, run)) as one:
            yield one
        return
    with started(version) as address:
        yield Scratch(address, version, run)


def rows(url: str, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What a query gives."""
    import psycopg

    with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
        return connection.execute(query, parameters or None).fetchall()


def refused(url: str, statement: str, parameters: Sequence[Any] = ()) -> str:
    """Why PostgreSQL does not carry that out; empty where it did."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
            connection.execute(statement, parameters or None)
    except psycopg.Error as error:
        return (str(error).strip() or type(error).__name__).splitlines()[0]
    return ""


def at(url: str, database: str) -> str:
    """The same server, another database."""
    return urlsplit(url)._replace(path=f"/{quote(database)}").geturl()


def _execute(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
        connection.execute(statement)


def environment(url: str) -> Mapping[str, str]:
    """How libpq is told an address: in a command, everybody on this machine could read its password."""
    from psycopg.conninfo import conninfo_to_dict

    given = {VARIABLES[key]: str(value) for key, value in conninfo_to_dict(url).items() if key in VARIABLES}
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return ours | given | {"PGCONNECT_TIMEOUT": "10"}


@contextmanager
def _in_another(one: Scratch) -> Iterator[Scratch]:
    """Databases in a server of somebody's, told apart by the name of the run, which an open connection bears."""
    import psycopg

    try:
        held = psycopg.connect(one.url, connect_timeout=10, autocommit=True, application_name=one.run)
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()[0]
        raise ExplainedError("cannot use the scratch PostgreSQL that is named", said, hint=ELSEWHERE) from error
    with held:
        at_work = {str(name) for (name,) in held.execute("SELECT application_name FROM pg_stat_activity").fetchall()}
        _drop(one.url, lambda run: run not in at_work)  # what a killed run has left
        try:
            yield one
        finally:
            _drop(one.url, lambda run: run == one.run)


def _drop(url: str, unwanted: Callable[[str], bool]) -> None:
    for (name,) in rows(url, "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]):
        if unwanted("_".join(str(name).split("_")[:3])):
            _execute(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
