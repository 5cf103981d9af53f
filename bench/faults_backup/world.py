"""A database server, an S3 server and the network to both, each of which can fail and come back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench.backup.servers import listens
from bench.database.make import make
from bench.faults_backup.job import place
from bench.faults_backup.proxy import Proxy
from ops.backups import keys
from ops.backups.place import Place
from tests.support.postgres_cluster import PostgresCluster, free_port
from tests.support.waiting import eventually

FAULTS = ("kill the process", "kill the database", "kill the S3 server", "cut the network")
WAIT_SECONDS = 120.0


class World:
    """Of one run; `source` is backed up, and restored into `live`, which is `old` until then."""

    def __init__(self, home: Path) -> None:
        self.home, self.key = home, home / "key"
        identity, _ = keys.generate()
        keys.write(self.key, identity, "of a bench")
        self.bucket = home / "bucket"
        self.bucket.mkdir()
        self.s3_port = free_port()
        self.s3 = self._served()
        self.cluster = PostgresCluster()
        self.cluster.start()
        self.database, self.storage = Proxy(self.cluster.port), Proxy(self.s3_port)
        for name in ("source", "old"):
            self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        make(self.url("source"), 1, seed=1)
        make(self.url("old"), 1, seed=2)
        for name in ("source", "old"):  # what is unlogged is empty after a crash
            with psycopg.connect(self.url(name), autocommit=True) as connection:
                connection.execute("TRUNCATE scratch")

    def url(self, name: str) -> str:
        """Straight to it."""
        return self.cluster.url(name)

    def place(self, name: str) -> Place:
        """As a command sees it, without the network that fails."""
        return place(self.url(name), self.s3_port, self.key)

    def start(self, what: str, mode: str) -> subprocess.Popen[bytes]:
        """A backup of `source`, or a restore into `live`."""
        name = "source" if what == "backup" else "live"
        url = self.url(name).replace(f":{self.cluster.port}/", f":{self.database.port}/")
        words = [what, url, str(self.storage.port), str(self.key), mode]
        command = [sys.executable, "-m", "bench.faults_backup.job", *words]
        with (self.home / "said").open("wb") as said:
            return subprocess.Popen(command, stdout=said, stderr=said, process_group=0)

    def said(self) -> str:
        """What the last one said."""
        return (self.home / "said").read_text(errors="replace").strip()

    def fail(self, fault: str, process: subprocess.Popen[bytes]) -> None:
        """Now."""
        if fault == "kill the process":
            os.killpg(process.pid, signal.SIGKILL)
        elif fault == "kill the database":
            self.cluster.stop()
        elif fault == "kill the S3 server":
            self.s3.kill()
            self.s3.wait()
        else:
            self.database.cut()
            self.storage.cut()

    def mend(self, fault: str, process: subprocess.Popen[bytes]) -> None:
        """Wait until the process has given up, then have all that it needs there again."""
        try:
            process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            print(f"after {fault}: it did not end within {WAIT_SECONDS:.0f} s", flush=True)
        if fault == "kill the database":
            self.cluster.start()
        elif fault == "kill the S3 server":
            self.s3 = self._served()
        self.database.mend()
        self.storage.mend()

    def databases(self) -> list[str]:
        """Their names."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate").fetchall()
        return [name for (name,) in found]

    def renew(self) -> None:
        """`live` is `old` again, and nothing is beside it."""
        for name in self.databases():
            if name not in {"postgres", "source", "old"}:
                self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        self.execute(sql.SQL("CREATE DATABASE live TEMPLATE old"))

    def execute(self, statement: sql.SQL | sql.Composed) -> None:
        """At the server."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def close(self) -> None:
        """Nothing is left."""
        self.database.close()
        self.storage.close()
        self.s3.kill()
        self.s3.wait()
        self.cluster.remove()

    def _served(self) -> subprocess.Popen[Any]:
        words = [sys.executable, "-m", "bench.faults_backup.s3", str(self.bucket), str(self.s3_port)]
        process = subprocess.Popen(words)
        eventually(lambda: listens(self.s3_port), "the S3 server")
        return process


@contextmanager
def world() -> Iterator[World]:
    """One that leaves nothing."""
    with tempfile.TemporaryDirectory(prefix="faults-backup-") as home:
        one = World(Path(home))
        try:
            yield one
        finally:
            one.close()
