"""The background worker opens and closes exams when their time comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.app_process import MIGRATIONS, AppProcess, Start, run, variables
from tests.support.postgres_cluster import PostgresCluster, rows
from tests.support.waiting import eventually


def create(web: AppProcess, opens_in: float, closes_in: float) -> int:
    """A new exam that opens and closes in so many seconds."""
    now = datetime.now(UTC)
    document = {
        "title": "Timed",
        "opens_at": (now + timedelta(seconds=opens_in)).isoformat(),
        "closes_at": (now + timedelta(seconds=closes_in)).isoformat(),
    }
    made = web.request("POST", "/api/exams/", json=document)
    assert (made.status_code, made.json()["status"]) == (201, "scheduled")
    return int(made.json()["id"])


def status(web: AppProcess, exam: int) -> str:
    """What the API says of an exam."""
    return str(web.get(f"/api/exams/{exam}/").json()["status"])


def test_an_exam_opens_and_closes_by_itself(start: Start, database: str) -> None:
    """The worker carries out both tasks at their times, and SIGTERM ends it cleanly."""
    web = start("web", database).healthy()
    worker = start("worker", database)
    worker.says("Starting worker")

    exam = create(web, opens_in=0.5, closes_in=2.5)

    eventually(lambda: status(web, exam) == "open", "the exam opens")
    eventually(lambda: status(web, exam) == "closed", "the exam closes")
    eventually(
        lambda: rows(database, "SELECT status FROM django_tasks_database_dbtaskresult") == [("SUCCESSFUL",)] * 2,
        "both tasks are done",
    )
    assert worker.stop() == 0


def test_a_worker_waits_for_pending_migrations(start: Start, database: str, home: Path) -> None:
    """On a database that is behind, the worker says so and lives; once migrated, it starts."""
    worker = start("worker", database)

    worker.says(f"waiting for {MIGRATIONS} pending migrations, first contenttypes.0001_initial")
    assert run("start.py", "migrate", env=variables(database, home)).returncode == 0

    worker.says("Starting worker")


def test_a_worker_catches_up_after_an_outage(start: Start, database: str) -> None:
    """An exam whose task was lost is still opened, by the next worker that starts."""
    web = start("web", database).healthy()
    exam = create(web, opens_in=0.2, closes_in=3600)
    rows(database, "DELETE FROM django_tasks_database_dbtaskresult")
    eventually(lambda: rows(database, "SELECT opens_at < now() FROM exams_exam") == [(True,)], "its time comes")

    start("worker", database).says(f"exam {exam} is now open")

    assert status(web, exam) == "open"


def test_a_worker_outlives_its_database(start: Start, own_cluster: PostgresCluster) -> None:
    """The database restarts under the worker; the same process then opens the next exam."""
    own_cluster.start()
    url = own_cluster.url("postgres")
    web = start("web", url, DB_POOL_TIMEOUT_SEC="1").healthy()
    worker = start("worker", url, DB_POOL_TIMEOUT_SEC="1")
    worker.says("Starting worker")

    own_cluster.stop()
    worker.says("lost the database, starting over")
    own_cluster.start()
    eventually(lambda: web.get("/api/health/").json()["status"] == "ok", "the app finds its database again")
    exam = create(web, opens_in=0.2, closes_in=3600)

    eventually(lambda: status(web, exam) == "open", "the exam opens")
    assert worker.process.poll() is None
