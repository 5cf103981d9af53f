"""scripts/backup.sh against a real PostgreSQL: what it keeps, and what a failure leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.postgres_cluster import PostgresCluster, rows, running

SCRIPT = Path(__file__).parents[3] / "scripts/backup.sh"
LONG_AGO = 1_700_000_000


@pytest.fixture(scope="module")
def cluster() -> Iterator[PostgresCluster]:
    """A server."""
    with running() as made:
        yield made


@pytest.fixture
def database(cluster: PostgresCluster) -> str:
    """A database with something in it."""
    url = cluster.new_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE exam AS SELECT number FROM generate_series(1, 1000) AS number")
    return url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a backup of long ago, and what a killed run has left."""
    for name in ("backup-20231114T000000Z.dump", "backup-20231114T000000Z.dump.sha256", ".backup-x.dump"):
        (tmp_path / name).write_text("old")
        os.utime(tmp_path / name, (LONG_AGO, LONG_AGO))
    return tmp_path


def backup(cluster: PostgresCluster, url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One, now."""
    path = f"{cluster.binaries}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "DATABASE_URL": url, "BACKUP_DIR": str(folder)}
    return subprocess.run([SCRIPT, "--now"], env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_backup_can_be_restored(cluster: PostgresCluster, database: str, folder: Path) -> None:
    """What is old goes once there is a new one, with its sum; nothing half is left."""
    done = backup(cluster, database, folder)

    [made] = folder.glob("*.dump")
    into = cluster.new_database()
    subprocess.run([cluster.binaries / "pg_restore", f"--dbname={into}", made], timeout=60, check=True)
    assert done.returncode == 0, done.stderr
    assert rows(into, "SELECT count(*), sum(number) FROM exam") == [(1000, 500500)]
    assert sorted(one.name for one in folder.iterdir()) == [made.name, f"{made.name}.sha256"]
    assert (
        subprocess.run(["sha256sum", "--check", "--quiet", f"{made.name}.sha256"], cwd=folder, check=False).returncode
        == 0
    )


def test_a_failure_loses_nothing(cluster: PostgresCluster, folder: Path) -> None:
    """The newest one stays, however old it is."""
    done = backup(cluster, cluster.url("nowhere"), folder)

    assert done.returncode != 0
    assert "nowhere" in done.stderr
    assert sorted(one.name for one in folder.glob("backup-*")) == [
        "backup-20231114T000000Z.dump",
        "backup-20231114T000000Z.dump.sha256",
    ]


@pytest.mark.parametrize("schedule", ["daily", "0 0 31 2 *"])
def test_a_schedule_that_never_comes_is_told(folder: Path, schedule: str) -> None:
    """At once, and not by a failing `sleep`."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}",
        "BACKUP_DIR": str(folder),
        "DATABASE_URL": "postgresql://nowhere",
        "DB_BACKUP_CRON": schedule,
    }
    done = subprocess.run(
        [SCRIPT], cwd=SCRIPT.parents[1], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"error: DB_BACKUP_CRON is {schedule!r}, which never comes\n\nhint: five fields, as in 37 1 * * *\n"
    )
