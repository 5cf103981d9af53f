"""The databases of a server, seen from one that is none of those worked on: made, renamed together, removed."""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from console.errors import REFUSED, ExplainedError
from ops.doors.postgres import at
from ops.doors.postgres_dress import Shape, dress

if TYPE_CHECKING:
    import psycopg
    from psycopg.sql import Composed

HELPER = "_helper"  # where nobody may connect to `postgres`: an empty database, made for as long as it is needed
LOCK_SECONDS = 30
AGAIN_SECONDS = 0.1
ICU_SINCE, LOCALE_SINCE = 15, 17  # the versions that know other providers of locales, and that renamed the column

END = """
SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
WHERE a.datname = ANY(%s) AND a.pid <> pg_backend_pid()
  AND ((SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
       OR (NOT r.rolsuper AND pg_has_role(r.oid, 'USAGE')))
"""
USED = """
SELECT a.datname, coalesce(a.usename, ''), count(*) FROM pg_stat_activity a
WHERE a.datname = ANY(%s) AND a.pid <> pg_backend_pid() GROUP BY 1, 2 ORDER BY 1, 2
"""


class Databases:
    """All of a server, by one connection."""

    def __init__(self, url: str, connection: psycopg.Connection[Any]) -> None:
        self.url, self._connection = url, connection

    @property
    def major(self) -> int:
        """The server's version."""
        return self._connection.info.server_version // 10000

    def names(self) -> dict[str, str]:
        """All of them, with what is noted of each."""
        query = "SELECT datname, coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database"
        return {str(name): str(comment) for name, comment in self._rows(query)}

    def may_create(self) -> bool:
        """Whether our role may make databases."""
        query = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        return bool(self._rows(query)[0][0])

    def is_superuser(self) -> bool:
        """Whether our role is the server's administrator."""
        return bool(self._rows("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0][0])

    def analyze(self, name: str) -> None:
        """Have the planner know what is in it."""
        with _connect(at(self.url, name)) as connection:
            connection.execute("ANALYZE")

    def owns(self, name: str) -> bool:
        """Whether it belongs to our role, so that it may be renamed."""
        query = "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = %s"
        return bool(self._rows(query, [name])[0][0])

    def available(self) -> dict[str, str]:
        """The extensions that the server has, each with the version that would be installed."""
        return {str(name): str(version) for name, version in self._rows(
            "SELECT name, default_version FROM pg_available_extensions"
        )}  # fmt: skip

    def roles(self) -> set[str]:
        """All that can be granted something."""
        return {str(name) for (name,) in self._rows("SELECT rolname FROM pg_roles")}

    def bytes_used(self) -> int:
        """By all databases that we may look into."""
        query = "SELECT sum(pg_database_size(oid)) FROM pg_database WHERE has_database_privilege(oid, 'CONNECT')"
        return int(self._rows(query)[0][0] or 0)

    def shape(self, name: str) -> Shape:
        """How it was made."""
        icu = "" if self.major < ICU_SINCE else ", datlocprovider::text, coalesce({}, '')"
        column = "daticulocale" if self.major < LOCALE_SINCE else "datlocale"
        query = "SELECT pg_encoding_to_char(encoding), datcollate, datctype" + icu.format(column)
        query += " FROM pg_database WHERE datname = %s"
        return Shape(*map(str, self._rows(query, [name])[0]))

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """As the only one who makes that database."""
        number = zlib.crc32(name.encode())
        if not self._rows("SELECT pg_try_advisory_lock(%s, %s)", [1936485488, number - 2**31])[0][0]:
            why = "another restore is at work there"
            raise ExplainedError(f"cannot restore into {name}", why, hint="wait for it, then run this again")
        try:
            yield
        finally:
            with suppress(Exception):  # the lock ends with the connection, too
                self._connection.execute("SELECT pg_advisory_unlock(%s, %s)", [1936485488, number - 2**31])

    def create(self, name: str, shape: Shape, *, like: str = "", note: str = "") -> None:
        """A new one, empty; with the rights and settings that another one has."""
        import psycopg
        from psycopg import sql

        words = [sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))]
        given = {"ENCODING": shape.encoding, "LC_COLLATE": shape.collate, "LC_CTYPE": shape.ctype}
        if shape.provider in ("i", "b") and shape.locale:
            given["LOCALE_PROVIDER"] = {"i": "icu", "b": "builtin"}[shape.provider]
            given["ICU_LOCALE" if shape.provider == "i" else "BUILTIN_LOCALE"] = shape.locale
        words += [sql.SQL("{} {}").format(sql.SQL(key), sql.Literal(value)) for key, value in given.items() if value]
        self._connection.execute(sql.SQL(" ").join(words))
        for statement in dress(self._rows, name, like) if like else ():
            with suppress(psycopg.errors.InsufficientPrivilege):  # what our role may not hand on
                self._connection.execute(statement)
        self.note(name, note)

    def note(self, name: str, text: str) -> None:
        """Write it down at the database, where whoever comes next finds it."""
        self._connection.execute(_comment(name, text))

    def drop(self, name: str) -> None:
        """Remove it, and whoever uses it."""
        from psycopg import sql

        self._connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def end(self, *names: str) -> None:
        """End every session in them that we may end."""
        self._connection.execute(END, [list(names)])

    def empty(self, name: str) -> None:
        """End who is in it, and wait until they are gone: what they were at is then there, or undone."""
        deadline = time.monotonic() + LOCK_SECONDS
        while self._rows(USED, [[name]]) and time.monotonic() < deadline:
            self.end(name)
            time.sleep(AGAIN_SECONDS)

    def rename(self, moves: Sequence[tuple[str, str]], notes: Mapping[str, str]) -> None:
        """All of them or none, in one transaction; `notes` by their new names.

        PostgreSQL renames a database that nobody uses. While it waits for that, whoever comes newly waits for the
        rename, so whoever is there is ended from beside until it goes on.
        """
        import psycopg
        from psycopg import sql

        names, done = [old for old, _ in moves], threading.Event()
        ender = threading.Thread(target=self._keep_ending, args=(names, done), daemon=True)
        self.end(*names)
        ender.start()
        try:
            with self._connection.transaction():
                self._connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
                for old, new in moves:
                    self._connection.execute(
                        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
                    )
                for name, text in notes.items():
                    self._connection.execute(_comment(name, text))
        except (psycopg.errors.ObjectInUse, psycopg.errors.LockNotAvailable) as error:
            users = ", ".join(f"{count} of {user or 'the server'} in {name}" for name, user, count in
                              self._rows(USED, [names]))  # fmt: skip
            raise ExplainedError(
                f"cannot rename {' and '.join(names)}",
                f"sessions that we may not end: {users or str(error).splitlines()[0]}; nothing has changed",
                hint="end them, then run the same command again",
                code=REFUSED,
            ) from error
        finally:
            done.set()
            ender.join()

    def _keep_ending(self, names: list[str], done: threading.Event) -> None:
        import psycopg

        with suppress(psycopg.Error), _connect(self.url) as beside:
            while not done.wait(AGAIN_SECONDS):
                beside.execute(END, [names])

    def _rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, parameters or None).fetchall()


@contextmanager
def databases(url: str) -> Iterator[Databases]:
    """Those of the server of a database, which need not be there."""
    import psycopg

    live = database_of(url)
    try:
        opened = _connect(at(url, "postgres"))
    except psycopg.OperationalError as error:
        if "postgres" not in str(error) and "permission denied" not in str(error):
            raise _unreachable(live, error) from error
    else:
        with opened as connection:
            yield Databases(at(url, "postgres"), connection)
        return
    helper = f"{live[: 63 - len(HELPER)]}{HELPER}"
    try:
        with _connect(url) as connection, suppress(psycopg.errors.DuplicateDatabase):
            connection.execute(f'CREATE DATABASE "{helper}" TEMPLATE template0')
        opened = _connect(at(url, helper))
    except psycopg.Error as error:
        raise _unreachable(live, error) from error
    try:
        with opened as connection:
            yield Databases(at(url, helper), connection)
    finally:
        with suppress(psycopg.Error), _connect(url) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{helper}"')


def database_of(url: str) -> str:
    """Its name."""
    return unquote(urlsplit(url).path.lstrip("/"))


def _connect(url: str) -> psycopg.Connection[Any]:
    import psycopg

    return psycopg.connect(url, connect_timeout=10, autocommit=True, application_name="slipway restore")


def _comment(name: str, text: str) -> Composed:
    from psycopg import sql

    return sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(text or None))


def _unreachable(live: str, error: Exception) -> ExplainedError:
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    return ExplainedError(
        f"cannot work on {live}", said, hint="./slipway outputs says where it is and who may reach it"
    )
