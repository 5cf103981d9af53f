"""A scratch PostgreSQL of each version of Render's that this machine has; the others are skipped."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import psycopg
import pytest

from console.errors import ExplainedError
from ops.doors import postgres
from ops.doors.postgres import Scratch
from ops.doors.postgres_programs import programs
from tests.support.postgres_cluster import rows

VERSIONS = ("14", "15", "16", "17", "18")


@pytest.fixture(scope="session", params=VERSIONS)
def server(request: pytest.FixtureRequest) -> Iterator[Scratch]:
    """A server of its own for this session."""
    try:
        programs(request.param)
    except ExplainedError:
        pytest.skip(f"this machine has no PostgreSQL {request.param}")
    with postgres.scratch(request.param, "") as one:
        yield one


@pytest.fixture(scope="session")
def extension(server: Scratch) -> str:
    """One that this server has: the wheel's has `vector` alone, those of Debian have `hstore`."""
    query = "SELECT name FROM pg_available_extensions WHERE name IN ('vector', 'hstore') ORDER BY name DESC"
    [first, *_] = rows(server.url, query)
    return str(first[0])


@pytest.fixture
def database(server: Scratch, request: pytest.FixtureRequest) -> Callable[..., str]:
    """New databases by name, with what statements make of them; gone after the test."""

    def made(name: str, *statements: str) -> str:
        request.addfinalizer(lambda: server.drop(name))
        url = server.create(name)
        execute(url, *statements)
        return url

    return made


def execute(url: str, *statements: str) -> None:
    """Each in its own transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def copy(server: Scratch, source: str, target: str) -> None:
    """What `pg_dump` writes, `pg_restore` reads."""
    binaries = programs(server.version)
    dump = subprocess.run([binaries / "pg_dump", "-Fc", "-Z0", source], capture_output=True, check=True)
    restore = [str(binaries / "pg_restore"), "--exit-on-error", "-d", target]
    done = subprocess.run(restore, input=dump.stdout, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
