"""PostgreSQL databases, one per Render instance, in as few servers as keep their roles apart."""

from __future__ import annotations

import json
import logging
import os
import threading
from dataclasses import asdict, dataclass
from urllib.parse import quote

import psycopg

from localcloud.machine import paths
from localcloud.machine.ports import HOST
from localcloud.render.runtime.databases import programs
from localcloud.render.runtime.databases.server import Server, reported
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.values import Database
from localcloud.render.runtime.watchdog import Watchdog

EXPECTED = "SLIPWAY_POSTGRES"
"""Names, in the daemon's environment, the version that the first database will have."""

log = logging.getLogger("localcloud.render")


@dataclass(frozen=True)
class Placed:
    """Where an instance's database is."""

    server: str
    database: str
    user: str


class PostgresDatabases:
    """Every Render Postgres instance of this machine.

    Instances of one version share a server, as a database and an owner role of their own. Roles belong to a whole
    server: two instances that want the same user name get servers of their own.
    """

    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        self._lock = threading.RLock()
        self._servers: dict[str, Server] = {}
        self._stopped = False
        self._preparing: threading.Thread | None = None

    def versions(self) -> tuple[str, ...]:
        """The major versions that this machine has, ascending."""
        return tuple(programs.installed())

    def create(self, database: Database) -> None:
        """Make the database and its owner, or bring them up again; return once they can be used."""
        server = self._running(self._place(database).server)
        name, user = database.name, database.user
        with self._lock:
            rights = "LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {password_text}"
            if server.has("SELECT FROM pg_roles WHERE rolname = %s", user):
                server.execute("ALTER ROLE {user} " + rights, user=user, password_text=database.password)
            else:
                server.execute("CREATE ROLE {user} " + rights, user=user, password_text=database.password)
            if not server.has("SELECT FROM pg_database WHERE datname = %s", name):
                # Not open to anybody else for a moment: made closed, opened when its rights are set.
                server.execute("CREATE DATABASE {name} OWNER {user} ALLOW_CONNECTIONS false", name=name, user=user)
            server.execute("REVOKE ALL ON DATABASE {name} FROM PUBLIC", name=name)
            server.execute("ALTER DATABASE {name} ALLOW_CONNECTIONS true", name=name)
        with reported("the new database does not answer"), psycopg.connect(self.url(database), connect_timeout=10):
            pass

    def drop(self, database_id: str) -> None:
        """Delete the database and its owner."""
        placed = self._load().get(database_id)
        if placed is None:
            return
        server = self._running(placed.server)
        with self._lock:
            # Its role may have made more of them, as Render lets it.
            for name in {placed.database, *server.owned_by(placed.user)}:
                server.execute("DROP DATABASE IF EXISTS {database} WITH (FORCE)", database=name)
            server.execute("DROP ROLE IF EXISTS {user}", user=placed.user)
            everything = self._load()
            everything.pop(database_id, None)
            self._save(everything)
            if not any(other.server == placed.server for other in everything.values()):
                self._watchdog.forget(server.process_name)
                server.stop()

    def suspend(self, database_id: str) -> None:
        """Close the database to everybody and end its connections; its data stays."""
        placed = self._find(database_id)
        server = self._running(placed.server)
        server.execute("ALTER DATABASE {database} ALLOW_CONNECTIONS false", database=placed.database)
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {database_text}",
            database_text=placed.database,
        )

    def resume(self, database_id: str) -> None:
        """Open a suspended database again."""
        placed = self._find(database_id)
        self._running(placed.server).execute(
            "ALTER DATABASE {database} ALLOW_CONNECTIONS true", database=placed.database
        )

    def url(self, database: Database) -> str:
        """The connection string, of a database that was created."""
        number = Server(self._find(database.id).server).port
        user, password = quote(database.user, safe=""), quote(database.password, safe="")
        return f"postgresql://{user}:{password}@{HOST}:{number}/{database.name}"

    def close(self) -> None:
        """End every server, also those that a predecessor started."""
        self._prepared()
        with self._lock:
            self._stopped = True
            names = {placed.server for placed in self._load().values()} | set(self._servers)
        for name in sorted(names):
            server = Server(name)
            self._watchdog.forget(server.process_name)
            server.stop()

    def open(self) -> None:
        """Allow servers to be started (again, after `stop`), and prepare the one that will be asked for first."""
        self._stopped = False
        if version := os.environ.get(EXPECTED):
            self.warm_up(version)

    def warm_up(self, version: str) -> None:
        """Prepare for the first database, in the background, where there is none yet."""
        if version in self.versions() and not self._load():
            self._preparing = threading.Thread(target=self._prepare, args=(version,), name="prepare", daemon=True)
            self._preparing.start()

    def _prepare(self, version: str) -> None:
        """Make the data folder, which takes most of a second, before anybody waits for it."""
        try:
            Server(version).prepare()
        except RuntimeFailure as failure:  # who wants a database will be told
            log.info("no data folder yet: %s", failure.message)

    def _prepared(self) -> None:
        if self._preparing is not None:
            self._preparing.join()

    def _running(self, name: str) -> Server:
        self._prepared()
        with self._lock:
            if self._stopped:
                raise RuntimeFailure("the local cloud is being stopped")
            new = name not in self._servers
            server = self._servers.setdefault(name, Server(name))
        server.start()
        if new:
            for shared in ("postgres", "template1"):
                server.execute("REVOKE ALL ON DATABASE {shared} FROM PUBLIC", shared=shared)
            self._watchdog.watch(server.process_name, server.alive, server.start)
        return server

    def _place(self, database: Database) -> Placed:
        if database.version not in programs.installed():
            raise programs.missing(database.version)
        with self._lock:
            everything = self._load()
            placed = everything.get(database.id)
            if placed is None:
                placed = Placed(_free_server(everything, database), database.name, database.user)
                self._save({**everything, database.id: placed})
            return placed

    def _find(self, database_id: str) -> Placed:
        placed = self._load().get(database_id)
        if placed is None:
            raise RuntimeFailure(f"there is no database {database_id}: it was never created or it was dropped")
        return placed

    def _load(self) -> dict[str, Placed]:
        try:
            content = json.loads((paths.folder("render") / "postgres.json").read_text())
        except FileNotFoundError:
            return {}
        return {key: Placed(**value) for key, value in content.items()}

    def _save(self, everything: dict[str, Placed]) -> None:
        content = {key: asdict(value) for key, value in everything.items()}
        paths.write_atomically(paths.folder("render") / "postgres.json", json.dumps(content, indent=1).encode())


def _free_server(everything: dict[str, Placed], database: Database) -> str:
    """The first server of that version where neither name is taken; `postgres` is taken everywhere."""
    name, user = database.name, database.user
    if user.startswith("pg_") or "postgres" in (user, name) or name in ("template0", "template1"):
        raise RuntimeFailure(f"cannot create the database: `{user}` or `{name}` is a name of PostgreSQL's own")
    number = 1
    while True:
        server = database.version if number == 1 else f"{database.version}-{number}"
        there = [placed for placed in everything.values() if placed.server == server]
        if all(placed.user != user and placed.database != name for placed in there):
            return server
        number += 1
