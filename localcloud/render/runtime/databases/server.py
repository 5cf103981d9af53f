"""One PostgreSQL server (a cluster) of one major version, listening on this machine only."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

import psutil
import psycopg
from psycopg import sql

from localcloud.machine import paths, process
from localcloud.machine.ports import HOST, check_free, port
from localcloud.render.runtime.databases import folders, programs
from localcloud.render.runtime.databases.account import Account
from localcloud.render.runtime.failures import RuntimeFailure, explained, last_lines

START_SECONDS = 60.0
SUPERUSER = "postgres"
LOCALE = "C" if sys.platform == "darwin" else "C.UTF-8"  # which macOS does not have
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "shared_buffers": "16MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "max_parallel_workers": "0",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "log_min_messages": "warning",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


class Server:
    """A server named by its version, or by version and number (`16-2`) where one is not enough."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.version = name.split("-", maxsplit=1)[0]
        self._lock = threading.Lock()

    @property
    def process_name(self) -> str:
        """The name under which its process and its port are kept."""
        return f"postgres-{self.name}"

    @property
    def port(self) -> int:
        """The port it listens on, kept for good."""
        return port(self.process_name)

    @property
    def log(self) -> Path:
        """What the server writes."""
        return paths.folder("render", "logs") / f"{self.process_name}.log"

    def alive(self) -> bool:
        """Whether its process runs."""
        return process.find(self.process_name) is not None

    def prepare(self) -> None:
        """Make its data folder, so that it starts fast."""
        with self._lock, explained(f"cannot prepare PostgreSQL {self.version}"):
            account = folders.account()
            self._data(account, programs.programs(account, self.version))

    def start(self) -> None:
        """Return once it accepts connections. One that runs already is used."""
        with self._lock, explained(f"cannot start PostgreSQL {self.version}"):
            if not self.alive():
                account = folders.account()
                binaries = programs.programs(account, self.version)
                data = self._data(account, binaries)
                self._end_leftover(data)
                check_free(self.process_name)
                self.log.unlink(missing_ok=True)
                argv = [str(binaries / "postgres"), "-D", str(data), "-p", str(self.port)]
                for key, value in SETTINGS.items():
                    argv += ["-c", f"{key}={value}"]
                process.spawn(
                    self.process_name, account.command(argv), log=self.log, env=_env(account), cwd=account.folder
                )
            self._wait()

    def stop(self) -> None:
        """End it, open connections and all (a fast shutdown, nothing is lost)."""
        with self._lock:
            running = process.find(self.process_name)
            if running:
                process.stop(running, sig=signal.SIGINT, seconds=30)

    @contextmanager
    def superuser(self, database: str = SUPERUSER) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        """A connection that may do everything."""
        with (
            explained(f"PostgreSQL {self.version} does not answer"),
            reported("the database refused"),
            psycopg.connect(
                host=HOST,
                port=self.port,
                user=SUPERUSER,
                password=self._password(),
                dbname=database,
                connect_timeout=5,
                autocommit=True,
            ) as connection,
        ):
            yield connection

    def execute(self, statement: LiteralString, **names: str) -> None:
        """One statement as superuser, `{name}` standing for an identifier and `{name_text}` for a literal."""
        parts = {key: sql.Literal(v) if key.endswith("_text") else sql.Identifier(v) for key, v in names.items()}
        with self.superuser() as connection:
            connection.execute(sql.SQL(statement).format(**parts))

    def has(self, statement: LiteralString, *values: str) -> bool:
        """Whether a query finds a row."""
        with self.superuser() as connection:
            return connection.execute(statement, values).fetchone() is not None

    def owned_by(self, role: str) -> list[str]:
        """The databases of a role."""
        query = "SELECT datname FROM pg_database JOIN pg_roles r ON r.oid = datdba WHERE rolname = %s"
        with self.superuser() as connection:
            return [str(name) for (name,) in connection.execute(query, [role]).fetchall()]

    def _password(self) -> str:
        return (paths.folder("render", "postgres-keys") / self.name).read_text()

    def _data(self, account: Account, binaries: Path) -> Path:
        """The data folder, made whole or not at all."""
        data = account.folder / f"data-{self.name}"
        if data.is_dir():
            return data
        key = paths.folder("render", "postgres-keys") / self.name
        paths.write_atomically(key, secrets.token_urlsafe(24).encode())
        temporary = account.folder / f"new-{self.name}"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(mode=0o700)
        account.own(temporary)
        handed = account.folder / f"key-{self.name}"
        try:
            paths.write_atomically(handed, key.read_bytes())
            account.own(handed)
            self._initialise(account, binaries, temporary, handed)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        finally:
            handed.unlink(missing_ok=True)
        temporary.rename(data)
        return data

    def _initialise(self, account: Account, binaries: Path, data: Path, password: Path) -> None:
        argv = [str(binaries / "initdb"), "-D", str(data), "-U", SUPERUSER, f"--pwfile={password}"]
        argv += ["--auth=scram-sha-256", "--encoding=UTF8", f"--locale={LOCALE}", "--no-instructions", "--no-sync"]
        subprocess.run(
            account.named(argv), check=True, capture_output=True, timeout=120, env=_env(account), cwd=account.folder
        )

    def _end_leftover(self, data: Path) -> None:
        """Handle a `postmaster.pid` left by a crash: end the server it names, or remove it when that is a stranger.

        PostgreSQL itself only looks whether the number is alive, and a number is given to others after a reboot.
        """
        pid_file = data / "postmaster.pid"
        try:
            left = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
            if str(data) in left.cmdline():
                left.send_signal(signal.SIGINT)
                left.wait(30)
        except FileNotFoundError:
            return
        except (ValueError, psutil.NoSuchProcess):
            pass  # nobody runs on this data: the file is all that is left
        pid_file.unlink(missing_ok=True)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(RuntimeFailure), self.superuser():
                return
            if not self.alive():
                raise RuntimeFailure(f"PostgreSQL {self.version} ended while it started", last_lines(self.log))
            time.sleep(0.05)
        raise RuntimeFailure(f"PostgreSQL {self.version} was not ready in {START_SECONDS:g} s", last_lines(self.log))


@contextmanager
def reported(what: str) -> Iterator[None]:
    """A database error as a failure for people; the server's own words never hold a password."""
    try:
        yield
    except psycopg.errors.DiskFull as error:
        raise RuntimeFailure(f"{what}: the disk is full") from error
    except psycopg.Error as error:
        raise RuntimeFailure(f"{what}: {str(error).strip()}") from error


def _env(account: Account) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "HOME": str(account.folder), "LC_ALL": LOCALE, "TZ": "UTC"}
