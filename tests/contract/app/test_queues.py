"""Background workers as health tells them: alive, at work, gone, stuck; long because signs are read side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.app_process import AppProcess, Start, copy_of_app
from tests.support.postgres_cluster import PostgresCluster, rows
from tests.support.waiting import eventually

QUICK = {"WORKER_STEADY_SEC": "0"}
V = "/api/v1/health/queues?version=1.2.3"


def workers(web: AppProcess) -> list[dict[str, Any]]:
    """Those that health knows of."""
    found: list[dict[str, Any]] = web.get("/api/v1/health/queues").json()["workers"]
    return found


def good(web: AppProcess, path: str = V) -> bool:
    """Whether a worker of the release is good."""
    return web.get(path).status_code == 200


JOB = """INSERT INTO django_tasks_database_dbtaskresult (id, status, enqueued_at, args_kwargs, priority, task_path,
worker_ids, queue_name, backend_name, run_after, exception_class_path, traceback) VALUES (gen_random_uuid(), 'READY',
now() - interval '90 s', json_build_object('args', json_build_array(%s::int), 'kwargs', json_build_object()), 0,
'exams.schedule.follow_clock', '[]', 'default', 'default', '9999-01-01T00:00Z', '', '')"""
UNTAKEN = """SELECT count(*) FROM django_tasks_database_dbtaskresult JOIN cams_heartbeat ON worker = queue_name
WHERE status = 'READY' AND priority = 100"""
BEAT = """INSERT INTO cams_heartbeat (worker, instance, version, started_at, seen_at, took_job_at, job_since)
VALUES ('w', 'i-1', '1.2.3', now() - make_interval(secs => %s), now() - make_interval(secs => %s),
now() - make_interval(secs => %s), now() - make_interval(secs => %s))"""


def write(database: str, statement: str, *values: int | None) -> None:
    """Into the database, behind the app's back."""
    with psycopg.connect(database) as connection:
        connection.execute(statement, values)


def test_a_worker_is_good_when_it_has_taken_a_job(start: Start, database: str) -> None:
    """Before: 503 and when to ask again. Then 200 with the worker; after its end it is not there any more."""
    web = start("web", database, **QUICK, RENDER_INSTANCE_ID="web-1").healthy()
    before = web.get(V)

    worker = start("worker", database, RENDER_INSTANCE_ID="worker-1")
    eventually(lambda: good(web), "the worker has taken a job")
    body = web.get(V).json()
    other = web.get("/api/v1/health/queues/?version=other")
    assert worker.stop() == 0
    after = web.get(V)

    assert (before.status_code, before.headers["Retry-After"]) == (503, "1")
    assert before.json() == {
        "status": "waiting",
        "reason": "no worker of 1.2.3 has been seen",
        "environment": "dev",
        "version": "1.2.3",
        "instance": "web-1",
        "workers": [],
        "queues": {"default": {"ready": 0, "oldest_seconds": 0.0}},
    }
    [told] = body["workers"]
    assert (told["instance"], told["version"], told["alive"], told["job_since"]) == ("worker-1", "1.2.3", True, None)
    assert told["started_at"] < min(told["took_job_at"], told["seen_at"])
    assert (other.status_code, other.json()["reason"]) == (503, "no worker of other has been seen")
    assert (after.status_code, after.json()["workers"]) == (503, [])
    assert rows(database, "SELECT count(*) FROM django_tasks_database_dbtaskresult") == [(0,)]


def test_a_worker_proves_itself_anew_after_a_restart(start: Start, database: str) -> None:
    """One that was killed and comes again as the same instance has run for no time yet."""
    web = start("web", database, WORKER_STEADY_SEC="3600").healthy()
    first = start("worker", database)
    eventually(lambda: workers(web) and workers(web)[0]["took_job_at"], "it takes a job")
    [before] = workers(web)
    first.process.kill()
    first.process.wait()

    start("worker", database)
    eventually(lambda: [one["started_at"] > before["started_at"] for one in workers(web)] == [True], "it is back")
    eventually(lambda: workers(web)[0]["took_job_at"], "it takes a job")

    assert " of 3600 s without a restart" in web.get(V).json()["reason"]


def test_a_worker_that_was_killed_is_gone_after_a_while(start: Start, database: str) -> None:
    """It can't say so itself: ten seconds without a sign of life do."""
    web = start("web", database, **QUICK).healthy()
    worker = start("worker", database)
    eventually(lambda: good(web), "the worker has taken a job")

    worker.process.kill()
    worker.process.wait()
    eventually(lambda: not good(web), "it is missed")

    answer = web.get(V)
    assert [one["alive"] for one in answer.json()["workers"]] == [False]
    assert "has not been seen for 1" in answer.json()["reason"]


@pytest.mark.parametrize(
    ("call", "reason"),
    [('call_command("db', "has taken no job in the "), ("schedule.catch_up()\n", "has taken no job in the ")],
    ids=["takes none", "hangs before"],
)
def test_a_worker_that_takes_no_job_is_never_good(
    start: Start, database: str, tmp_path: Path, call: str, reason: str
) -> None:
    """It beats, and is alive; nothing is carried out."""
    app = copy_of_app(tmp_path / "app")
    text = (app / "start.py").read_text()
    index = text.index(call, text.index("def worker("))
    column = index - text.rindex("\n", 0, index) - 1
    (app / "start.py").write_text(f"{text[:index]}__import__('time').sleep(600)\n{' ' * column}{text[index:]}")
    web = start("web", database, **QUICK).healthy()
    start("worker", database, app=app)
    eventually(lambda: workers(web), "it is seen")
    answer = web.get(V)

    assert rows(database, UNTAKEN) == [(1,)]
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert reason in answer.json()["reason"]
    assert answer.json()["workers"][0]["alive"] is True


@pytest.mark.parametrize("hours", [5, -5], ids=["ahead", "behind"])
def test_a_worker_whose_clock_is_wrong_is_judged_by_the_databases(
    start: Start, database: str, tmp_path: Path, hours: int
) -> None:
    """Else it had not started yet, or had taken no job for hours, and its pruning would take others' signs away."""
    app = copy_of_app(tmp_path / "app")
    with (app / "cams" / "apps.py").open("a") as code:
        code.write(f"""
from datetime import timedelta
from django.utils import timezone
true = timezone.now
timezone.now = lambda: true() + timedelta(hours={hours})
""")
    web = start("web", database, WORKER_STEADY_SEC="1").healthy()
    write(database, BEAT, 100, 1, 5, None)
    start("worker", database, app=app, RENDER_INSTANCE_ID="wrong")
    eventually(lambda: len(workers(web)) == 2 and all(one["took_job_at"] for one in workers(web)), "both have jobs")
    rows(database, "DELETE FROM cams_heartbeat WHERE worker = 'w'")

    eventually(lambda: good(web), "it is good")


def test_a_job_that_hangs_is_told_with_what_waits_behind_it(start: Start, database: str) -> None:
    """Since when the worker is busy, and how many jobs wait for how long."""
    web = start("web", database, **QUICK).healthy()
    start("worker", database)
    eventually(lambda: good(web), "the worker has taken a job")

    with psycopg.connect(database) as blocker:
        blocker.execute("LOCK TABLE exams_exam")
        write(database, JOB, 1)
        eventually(lambda: workers(web)[0]["job_since"], "it is busy")
        write(database, JOB, 2)
        queues = web.get("/api/v1/health/queues").json()["queues"]
    eventually(lambda: web.get("/api/v1/health/queues").json()["queues"]["default"]["ready"] == 0, "it goes on")
    eventually(lambda: workers(web)[0]["job_since"] is None, "it is not busy any more")

    assert queues["default"]["ready"] == 1
    assert 90 <= queues["default"]["oldest_seconds"] < 150


def test_a_worker_whose_database_was_away_is_good_again(start: Start, own_cluster: PostgresCluster) -> None:
    """Meanwhile health can't know, and says so; then the same process goes on beating and taking jobs."""
    own_cluster.start()
    url = own_cluster.url("postgres")
    web = start("web", url, DB_POOL_TIMEOUT_SEC="1", **QUICK).healthy()
    start("worker", url, DB_POOL_TIMEOUT_SEC="1")
    eventually(lambda: good(web), "the worker has taken a job")
    [before] = workers(web)

    own_cluster.stop()
    away = web.get(V)
    own_cluster.start()
    eventually(lambda: good(web) and workers(web)[0]["seen_at"] > before["seen_at"], "it beats again")

    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")
    assert (away.json()["status"], away.json()["reason"]) == ("error", "the database does not answer")
    assert workers(web)[0]["started_at"] == before["started_at"]
