"""What health makes of a worker's signs, however they came about: they are written behind the app's back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.app.test_queues import BEAT, JOB, V, write
from tests.support.app_process import AppProcess, variables
from tests.support.postgres_cluster import PostgresCluster, rows


@pytest.mark.parametrize(
    ("started", "seen", "took", "busy", "status", "reason", "may_come"),
    [
        (100, 1, 5, None, 200, None, False),
        (100, 1, 300, 290, 200, None, False),
        (5, 1, 2, None, 503, "has run for 4 of 5 s without a restart", True),
        (100, 1, None, None, 503, "has taken no job in the 99 s that it runs", True),
        (100, 11, 12, None, 503, "has not been seen for 11 s", True),
        (1000, 1, 70, None, 503, "has taken no job for 70 s", False),
        (1000, 1, 950, 901, 503, "has been busy with one job for 901 s", False),
    ],
    ids=["good", "busy", "just started", "no job yet", "gone", "idle", "stuck"],
)
def test_what_is_made_of_a_workers_signs(
    judging: tuple[AppProcess, str],
    started: int,
    seen: int,
    took: int | None,
    busy: int | None,
    status: int,
    reason: str | None,
    may_come: bool,
) -> None:
    """Each is so many seconds ago; only where it may change by itself does the answer say when to ask again."""
    web, database = judging
    write(database, BEAT, started, seen, took, busy)

    answer = web.get(V)
    rows(database, "DELETE FROM cams_heartbeat")

    assert answer.status_code == status
    assert answer.json().get("reason") == (reason and f"the worker on i-1 {reason}")
    assert answer.headers.get("Retry-After") == ("1" if may_come else None)


@pytest.mark.parametrize(
    ("waits", "took", "busy", "status", "reason"),
    [
        (29, None, None, 503, "has taken no job in the 99 s that it runs"),
        (31, None, None, 503, "takes no job: one has waited for it for 31 s"),
        (31, None, 20, 503, "has taken no job in the 99 s that it runs"),
        (31, 5, None, 200, None),
    ],
    ids=["soon", "takes none", "busy", "works"],
)
def test_a_worker_that_leaves_its_own_job_takes_none(
    judging: tuple[AppProcess, str], waits: int, took: int | None, busy: int | None, status: int, reason: str | None
) -> None:
    """What counts is how long its first job has waited, and not how long it has run: a start may be slow."""
    web, database = judging
    write(database, BEAT, 100, 1, took, busy)
    write(database, JOB.replace("90 s", f"{waits} s").replace("'default', 'default'", "'w', 'default'"), 1)

    answer = web.get(V)
    rows(database, "DELETE FROM cams_heartbeat")
    rows(database, "DELETE FROM django_tasks_database_dbtaskresult")

    assert answer.status_code == status
    assert answer.json().get("reason") == (reason and f"the worker on i-1 {reason}")
    may_come = status == 503 and "takes no job" not in str(reason)
    assert answer.headers.get("Retry-After") == ("1" if may_come else None)


@pytest.fixture(scope="module")
def judging(cluster: PostgresCluster, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A web process that judges what is in its database."""
    database = cluster.new_database()
    web = AppProcess("web", variables(database, home), tmp_path_factory.mktemp("judging") / "log")
    try:
        yield web.healthy(), database
    finally:
        web.end()
