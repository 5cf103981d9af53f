"""PostgreSQL and Valkey behind the local Render API."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
import redis

from localcloud.machine import process
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import Database, KeyValueSettings
from tests.support.runtime import running
from tests.support.waiting import eventually

ONE = Database("dpg-one-a", "16", "one_abcd", "one", "p w/1")
TWO = Database("dpg-two-a", "16", "two_abcd", "two", "second")


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """One runtime with two databases of PostgreSQL 16."""
    with running(tmp_path_factory.mktemp("cloud")) as made:
        made.databases.create(ONE)
        made.databases.create(TWO)
        yield made


def test_the_versions_are_those_of_the_wheel(runtime: Runtime) -> None:
    """Both servers that the wheel brings are offered, by their major version."""
    assert runtime.databases.versions() == ("16", "18")


def test_an_unknown_version_is_refused(runtime: Runtime) -> None:
    """A version that this machine lacks is named together with those it has."""
    with pytest.raises(RuntimeFailure, match="PostgreSQL 13 is not on this machine: it has 16, 18"):
        runtime.databases.create(Database("dpg-old-a", "13", "old", "old", "old"))


def test_an_owner_uses_its_database(runtime: Runtime) -> None:
    """The connection string works, password with special characters and all, and the owner may create tables."""
    with psycopg.connect(runtime.databases.url(ONE)) as connection:
        connection.execute("CREATE TABLE rows_of_one (x int)")
        connection.execute("INSERT INTO rows_of_one VALUES (7)")
        found = connection.execute("SELECT x FROM rows_of_one").fetchall()
        version = connection.info.server_version // 10000

    assert (found, version) == ([(7,)], 16)


@pytest.mark.parametrize("database", ["two_abcd", "postgres", "template1"])
def test_a_role_connects_to_its_own_database_only(runtime: Runtime, database: str) -> None:
    """Another instance's database, and the server's own, refuse the connection."""
    url = runtime.databases.url(replace(ONE, name=database))

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(url)


def test_a_wrong_password_is_refused(runtime: Runtime) -> None:
    """The server asks for the password also on this machine."""
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(runtime.databases.url(replace(ONE, password="guess")))


def test_a_role_has_no_rights_beyond_its_databases(runtime: Runtime) -> None:
    """It is no superuser and creates no roles; it may make databases, as on Render."""
    with psycopg.connect(runtime.databases.url(ONE)) as connection:
        query = "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = 'one'"
        rights = connection.execute(query).fetchone()

    assert rights == (False, True, False, False)


def test_two_instances_may_have_the_same_user_name(runtime: Runtime) -> None:
    """On Render each instance is a server of its own, so the name of a role is free in each."""
    again = Database("dpg-same-a", "16", "other_abcd", "one", "another")
    runtime.databases.create(again)

    with psycopg.connect(runtime.databases.url(again)) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'rows_of_one'").fetchone()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(runtime.databases.url(replace(ONE, password="another")))

    assert tables == (0,)
    runtime.databases.drop("dpg-same-a")


def test_a_suspended_database_refuses_until_it_is_resumed(runtime: Runtime) -> None:
    """Suspending ends open connections; resuming brings the rows back."""
    url = runtime.databases.url(TWO)
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("CREATE TABLE kept (x int)")

    runtime.databases.suspend("dpg-two-a")
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="not currently accepting connections"):
        psycopg.connect(url)
    runtime.databases.resume("dpg-two-a")

    with psycopg.connect(url) as again:
        assert again.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_dropped_database_is_gone(runtime: Runtime) -> None:
    """Dropping ends its connections and forgets it; dropping it again succeeds."""
    gone = Database("dpg-gone-a", "16", "gone_abcd", "gone", "gone")
    runtime.databases.create(gone)
    url = runtime.databases.url(gone)

    with psycopg.connect(url):
        runtime.databases.drop("dpg-gone-a")
    runtime.databases.drop("dpg-gone-a")

    with pytest.raises(RuntimeFailure, match="there is no database dpg-gone-a"):
        runtime.databases.url(gone)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_killed_server_comes_back_with_its_rows(runtime: Runtime) -> None:
    """A server that dies is started again by itself."""
    with psycopg.connect(runtime.databases.url(TWO), autocommit=True) as connection:
        connection.execute("CREATE TABLE survives AS SELECT 42 AS x")
    server = process.find("postgres-16")
    assert server is not None

    os.kill(server.pid, 9)
    eventually(lambda: (found := process.find("postgres-16")) is not None and found.pid != server.pid)

    def rows() -> bool:
        try:
            with psycopg.connect(runtime.databases.url(TWO)) as connection:
                return connection.execute("SELECT x FROM survives").fetchall() == [(42,)]
        except psycopg.OperationalError:
            return False

    eventually(rows)


def test_key_values_keep_their_settings(runtime: Runtime) -> None:
    """Policy and persistence are those asked for; asked for others, the store starts again with them."""
    runtime.key_values.start(KeyValueSettings("red-set", "volatile_ttl", False))
    store = redis.Redis.from_url(runtime.key_values.url("red-set"))
    before = store.config_get("maxmemory-policy"), store.config_get("appendonly")

    runtime.key_values.start(KeyValueSettings("red-set", "noeviction", True))
    after = store.config_get("maxmemory-policy"), store.config_get("appendonly")

    assert before == ({"maxmemory-policy": "volatile-ttl"}, {"appendonly": "no"})
    assert after == ({"maxmemory-policy": "noeviction"}, {"appendonly": "yes"})
    runtime.key_values.drop("red-set")
    runtime.key_values.drop("red-set")
    with pytest.raises(redis.ConnectionError):
        store.ping()


def test_a_policy_that_does_not_exist_is_refused(runtime: Runtime) -> None:
    """The policy is spelled as in Render's API."""
    with pytest.raises(RuntimeFailure, match="there is no maxmemory policy allkeys-lru"):
        runtime.key_values.start(KeyValueSettings("red-bad", "allkeys-lru", False))
