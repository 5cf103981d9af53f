"""The door to PostgreSQL: a scratch server that leaves nothing behind, and copies of databases in it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from console.errors import ExplainedError
from ops.doors.postgres_programs import ELSEWHERE, Account, account, programs, reachable
from ops.doors.programs import ROOT

HOST = "127.0.0.1"
USER = "postgres"
PREFIX = "slipway_scratch_"
START_SECONDS = 60.0
DUMP = ("--format=custom", "--no-owner", "--no-privileges", "--no-publications", "--no-subscriptions", "--compress=0")
LOCK_PATIENCE = "10s"  # for what somebody else holds at the environment's database
VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
             "sslmode": "PGSSLMODE"}  # fmt: skip


@dataclass(frozen=True)
class Scratch:
    """A server with databases of this run alone, and the programs of its version."""

    url: str
    binaries: Path
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
        dump = [str(self.binaries / "pg_dump"), *DUMP, f"--lock-wait-timeout={LOCK_PATIENCE}"]
        restore = [str(self.binaries / "pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error"]
        restore += ["--dbname", urlsplit(target).path.lstrip("/")]
        with tempfile.TemporaryFile() as said_by_dump, tempfile.TemporaryFile() as said_by_restore:
            reads = subprocess.Popen(dump, env=_env(source), stdout=subprocess.PIPE, stderr=said_by_dump)
            writes = subprocess.Popen(restore, env=_env(target), stdin=reads.stdout, stderr=said_by_restore)
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
    run, binaries = f"{PREFIX}{secrets.token_hex(4)}", programs(version)
    if url:
        with _in_another(Scratch(url, binaries, run)) as one:
            yield one
        return
    who, home = account(), _home()
    with _own_folder(home, who) as folder:
        yield from _served(who, reachable(binaries, who, home), folder, run)


def rows(url: str, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What a query gives."""
    import psycopg

    with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
        return connection.execute(query, parameters or None).fetchall()


def at(url: str, database: str) -> str:
    """The same server, another database."""
    return urlsplit(url)._replace(path=f"/{quote(database)}").geturl()


def _execute(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
        connection.execute(statement)


def _env(url: str) -> Mapping[str, str]:
    """How libpq is told an address: in a command, everybody on this machine could read its password."""
    from psycopg.conninfo import conninfo_to_dict

    given = {VARIABLES[key]: str(value) for key, value in conninfo_to_dict(url).items() if key in VARIABLES}
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return ours | given | {"PGCONNECT_TIMEOUT": "10"}


def _home() -> Path:
    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    home = Path(f"/var/tmp/slipway-scratch-{os.geteuid()}-{checkout}")  # noqa: S108 - ours, or refused
    with suppress(FileExistsError):
        home.mkdir(mode=0o700)
    if home.is_symlink() or home.stat().st_uid != os.geteuid():
        raise ExplainedError(f"cannot use {home}", "it belongs to somebody else", hint=ELSEWHERE)
    return home


@contextmanager
def _own_folder(home: Path, who: Account) -> Iterator[Path]:
    """A folder for one run, held by a lock that ends with this process; those that nobody holds are removed."""
    if who.uid:
        os.chown(home, os.geteuid(), who.gid)
        home.chmod(0o710)
    with (home / "lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        for left in home.glob("run-*"):
            _sweep(left)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=home))
        held = (folder / "lock").open("w")
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        folder.chmod(0o711)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        held.close()


def _sweep(folder: Path) -> None:
    with suppress(FileNotFoundError), (folder / "lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return  # somebody is at work there
    with suppress(OSError, ValueError):
        server = int((folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        if str(folder / "data") in _words(server):  # a number is given to others later
            os.kill(server, signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


def _words(pid: int) -> str:
    return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def _served(who: Account, binaries: Path, folder: Path, run: str) -> Iterator[Scratch]:
    data, password = folder / "data", secrets.token_urlsafe(24)
    key = folder / "key"
    key.write_text(password)
    key.chmod(0o600)
    data.mkdir(mode=0o700)
    for path in (key, data):
        who.own(path)
    env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}
    made = who.command([str(binaries / "initdb"), "-D", str(data), "-U", USER, f"--pwfile={key}", "--no-sync",
                        "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"])  # fmt: skip
    done = subprocess.run(made, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise _not_started(done.stderr)
    key.unlink()
    with (folder / "log").open("wb") as log:
        port = _free_port()
        words = [str(binaries / "postgres"), "-D", str(data), "-p", str(port)]
        for setting in (f"listen_addresses={HOST}", "unix_socket_directories=", "max_connections=50", "jit=off"):
            words += ["-c", setting]
        server = subprocess.Popen(who.command(words), cwd=folder, env=env, stdout=log, stderr=log, process_group=0)
        try:
            url = f"postgresql://{USER}:{password}@{HOST}:{port}/postgres"
            _wait(server, url, folder / "log")
            yield Scratch(url, binaries, run)
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait()


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):
            rows(url, "SELECT 1")
            return
        time.sleep(0.05)
    raise _not_started(log.read_text(errors="replace"))


def _not_started(said: str) -> ExplainedError:
    lines = said.strip().splitlines()
    return ExplainedError(
        "cannot start a scratch PostgreSQL", lines[-1] if lines else "it said nothing", hint=ELSEWHERE
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def _in_another(one: Scratch) -> Iterator[Scratch]:
    """Databases in a server of somebody's, told apart by the name of the run, which an open connection bears."""
    import psycopg

    with psycopg.connect(one.url, connect_timeout=10, autocommit=True, application_name=one.run) as held:
        used = {str(name) for (name,) in held.execute("SELECT application_name FROM pg_stat_activity").fetchall()}
        for (name,) in held.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"]
        ).fetchall():
            if "_".join(str(name).split("_")[:3]) not in used:
                _execute(one.url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        try:
            yield one
        finally:
            for (name,) in held.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{one.run}%"]
            ).fetchall():
                _execute(one.url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
