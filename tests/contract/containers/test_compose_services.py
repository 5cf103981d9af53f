"""Compose's services as a real engine runs them, hardened: what deploys wait for, and those that keep the data."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.contract.conftest import WHY
from tests.support import compose_project
from tests.support.compose_project import ComposeProject
from tests.support.container_engine import ContainerEngine
from tests.support.postgres_cluster import PostgresCluster, rows, running
from tests.support.waiting import eventually

LACKING = WHY or compose_project.missing()
pytestmark = pytest.mark.skipif(bool(LACKING), reason=str(LACKING))
SOMEBODY = 1000


@pytest.fixture(scope="module")
def cluster() -> Iterator[PostgresCluster]:
    """A server on this machine's loopback, which is the containers', too."""
    with running() as made:
        yield made


@pytest.fixture(scope="module")
def database(cluster: PostgresCluster) -> str:
    """With something in it."""
    url = cluster.new_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE exam AS SELECT number FROM generate_series(1, 1000) AS number")
    return url


@pytest.fixture(scope="module")
def project(
    engine: ContainerEngine, database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ComposeProject]:
    """The services, of which none runs yet."""
    values = {"PROD_DATABASE_URL": database, "DATABASE_PASSWORD": "invented", "RESTORE_STOP_WAIT_SECONDS": "0"}
    made = ComposeProject(engine, tmp_path_factory.mktemp("compose"), values | {"RESTORE_POLL_INTERVAL": "0.5"})
    yield made
    made.do("down", "--volumes", "--timeout=1")


def test_a_backup_is_made_and_a_restore_takes_it(project: ComposeProject, database: str, tmp_path: Path) -> None:
    """Without capabilities, on a root that cannot be written; the dump is somebody's own file, as it was copied."""
    project.do("up", "--detach", "--no-build", "--no-deps", "--wait", "web", "worker")  # which deploy.sh waits for
    started = {name: project.started(name) for name in ("web", "worker")}
    project.do("run", "--rm", "-T", "--no-deps", "backup", "--now")
    project.do("up", "--detach", "--no-build", "--no-deps", "restore", "backup")
    project.do("cp", "backup:/backups/.", str(tmp_path))
    with psycopg.connect(database) as connection:
        connection.execute("DROP TABLE exam")
    [dump] = tmp_path.glob("*.dump")
    said = dump.with_name(f"{dump.name}.sha256").read_text()
    dump.chmod(0o600)
    os.chown(dump, SOMEBODY, SOMEBODY)

    project.do("cp", str(dump), "restore:/restore/")
    eventually(lambda: f"{dump.name} is restored" in project.do("logs", "restore"), "it is restored")
    eventually(lambda: all(map(project.started, started)), "the services run again")

    assert said.split() == [hashlib.sha256(dump.read_bytes()).hexdigest(), dump.name]
    assert rows(database, "SELECT count(*), sum(number) FROM exam") == [(1000, 500500)]
    assert {name for name, when in started.items() if project.started(name) == when} == set()
