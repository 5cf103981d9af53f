"""A real PostgreSQL and real processes of the app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.app_process import APP, AppProcess, Start, variables
from tests.support.postgres_cluster import PostgresCluster, running


@pytest.fixture(scope="session")
def cluster() -> Iterator[PostgresCluster]:
    """A server for all tests that leave it alone."""
    with running() as made:
        yield made


@pytest.fixture
def own_cluster() -> Iterator[PostgresCluster]:
    """A server that a test may stop and start; it is not running yet."""
    made = PostgresCluster()
    try:
        yield made
    finally:
        made.remove()


@pytest.fixture
def database(cluster: PostgresCluster) -> str:
    """The URL of an empty database."""
    return cluster.new_database()


@pytest.fixture
def start(tmp_path: Path, home: Path) -> Iterator[Start]:
    """Starts processes of the app: `start("web", database, NAME="value")`."""
    started: list[AppProcess] = []

    def start_one(command: str, database_url: str, app: Path = APP, **overrides: str) -> AppProcess:
        log = tmp_path / f"{command}-{len(started)}.log"
        started.append(AppProcess(command, variables(database_url, home, **overrides), log, app))
        return started[-1]

    yield start_one
    for process in started:
        process.end()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the processes keep temporary files; shared, so that static files are collected once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def service(cluster: PostgresCluster, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppProcess]:
    """One running web process for tests that only send requests."""
    log = tmp_path_factory.mktemp("service") / "web.log"
    process = AppProcess("web", variables(cluster.new_database(), home), log)
    try:
        yield process.healthy()
    finally:
        process.end()
