"""Health: what the platform and the pipelines see in each state of the database."""

from __future__ import annotations

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import gethostname

import psycopg
import pytest

from tests.support.app_process import AppProcess, Start, run, variables
from tests.support.postgres_cluster import PostgresCluster, rows
from tests.support.waiting import eventually

# A request that waits for a place in the pool, or for another try of it, is not answered while its test listens.
PATIENT = {"DB_POOL_TIMEOUT_SEC": "60", "DB_STATEMENT_TIMEOUT_MS": "60000"}

CONNECTIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cams-dev' AND datname = current_database()"
)


def test_all_is_well(service: AppProcess) -> None:
    """With the database there and nothing pending, the details are those of this environment and version."""
    answer = service.get("/api/health/")

    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "ok"
    assert body["environment"] == "dev"
    assert (body["version"], body["instance"]) == ("1.2.3", gethostname())
    assert body["migrations"] == []
    assert body["database"]["status"] == "ok"
    assert body["database"]["version"].startswith("16.")
    assert body["cache"] == {"status": "local"}
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_version_is_the_commit_without_another(start: Start, database: str) -> None:
    """APP_VERSION absent, Render's commit says what runs."""
    web = start("web", database, APP_VERSION="", RENDER_GIT_COMMIT="0123abc").healthy()

    assert web.get("/api/health/").json()["version"] == "0123abc"


@pytest.mark.parametrize("path", ["/health/", "/healthz"])
def test_health_opens_no_connection(start: Start, database: str, path: str) -> None:
    """A freshly started app has no connection to the database, and ten health checks later still none."""
    web = start("web", database).healthy()

    answers = {web.get(path).status_code for _ in range(10)}

    assert answers == {200}
    assert rows(database, CONNECTIONS) == [(0,)]
    assert web.get("/api/exams/").status_code == 200
    assert rows(database, CONNECTIONS) == [(1,)], "the count above must be able to see the app's connections"


def test_health_asks_for_no_particular_host(service: AppProcess) -> None:
    """The platform checks by address; everything else answers to its own host names alone."""
    strange = {"Host": "10.1.2.3:9"}

    assert service.get("/health/", headers=strange).status_code == 200
    assert service.get("/api/exams/", headers=strange).status_code == 400


def test_pending_migrations_are_degraded(start: Start, database: str) -> None:
    """A database behind this release is named migration by migration, while the service answers."""
    web = start("web", database).healthy()
    rows(database, "DELETE FROM django_migrations WHERE app = 'exams'")

    answer = web.get("/api/health/")

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["migrations"] == ["exams.0001_initial"]


def test_the_database_goes_and_comes_back(start: Start, own_cluster: PostgresCluster) -> None:
    """Gone: `/health/` still answers at once and knows, the API says 503; back: all recovers without a restart."""
    own_cluster.start()
    web = start("web", own_cluster.url("postgres"), DB_POOL_TIMEOUT_SEC="1").healthy()
    assert web.get("/api/exams/").status_code == 200
    assert web.get("/health/").json()["database"]["status"] == "ok"

    own_cluster.stop()
    health, listing = web.get("/api/health/"), web.get("/api/exams/")
    platform = web.get("/health/")

    assert (health.status_code, health.json()["status"], health.json()["migrations"]) == (503, "error", [])
    assert health.json()["database"] == {"status": "error", "error": "the database does not answer"}
    assert (listing.status_code, listing.headers["Retry-After"]) == (503, "5")
    assert listing.json()["error"]["code"] == "database_unavailable"
    assert platform.status_code == 200
    assert platform.json()["database"]["status"] == "error"

    own_cluster.start()
    eventually(lambda: web.get("/api/health/").json()["status"] == "ok", "the app finds its database again")
    assert web.get("/health/").json()["database"]["status"] == "ok"
    assert web.get("/api/exams/").status_code == 200


def test_an_outage_is_told_at_once_and_over_at_once(start: Start, own_cluster: PostgresCluster) -> None:
    """With every connection of the pool dead, no answer waits for a place in it, while it lasts and right after."""
    own_cluster.start()
    url = own_cluster.url("postgres")
    web = start("web", url, DB_POOL_SIZE="8", **PATIENT).healthy()
    with ThreadPoolExecutor(8) as threads, psycopg.connect(url) as blocker:
        blocker.execute("LOCK TABLE exams_exam")
        stuck = [threads.submit(web.get, "/api/exams/") for _ in range(8)]
        eventually(lambda: rows(url, CONNECTIONS) == [(8,)], "all connections are in use")
        blocker.rollback()
        assert {request.result().status_code for request in stuck} == {200}

    own_cluster.stop()
    down = [web.get("/api/health/").status_code for _ in range(5)]
    with ThreadPoolExecutor(8) as threads:
        down += threads.map(lambda _: web.get("/api/exams/").status_code, range(16))
    own_cluster.start()
    up = [web.get(path).status_code for path in ("/api/health/", "/api/exams/")]

    assert (set(down), up) == ({503}, [200, 200])


def test_a_restart_of_the_database_between_two_requests_is_not_noticed(
    start: Start, own_cluster: PostgresCluster
) -> None:
    """The connections that it closed are not handed out one after the other."""
    own_cluster.start()
    url = own_cluster.url("postgres")
    web = start("web", url, **PATIENT).healthy()
    with ThreadPoolExecutor(5) as threads, psycopg.connect(url) as blocker:
        blocker.execute("LOCK TABLE exams_exam")
        stuck = [threads.submit(web.get, "/api/exams/") for _ in range(5)]
        eventually(lambda: rows(url, CONNECTIONS) == [(5,)], "all connections are in use")
        blocker.rollback()
        assert {request.result().status_code for request in stuck} == {200}

    own_cluster.stop()
    own_cluster.start()

    assert web.get("/api/health/").status_code == 200
    assert web.get("/api/exams/").status_code == 200


def test_a_frozen_database_is_told_and_found_again(start: Start, own_cluster: PostgresCluster) -> None:
    """Its connections stay open and say nothing: each request has its 503, and the first one afterwards is served."""
    own_cluster.start()
    web = start("web", own_cluster.url("postgres"), DB_CONNECT_TIMEOUT_SEC="1").healthy()
    assert web.get("/api/exams/").status_code == 200

    own_cluster.send(signal.SIGSTOP)
    frozen = [web.get(path).status_code for path in ("/api/health/", "/api/exams/", "/api/health/")]
    own_cluster.send(signal.SIGCONT)

    assert frozen == [503, 503, 503]
    assert [web.get(path).status_code for path in ("/api/health/", "/api/exams/")] == [200, 200]


def test_health_is_fast_while_the_database_is_not(start: Start, database: str) -> None:
    """While the only worker's requests hang on a locked table, the platform is still answered at once."""
    web = start("web", database, DB_STATEMENT_TIMEOUT_MS="5000").healthy()
    with ThreadPoolExecutor() as threads, psycopg.connect(database) as blocker:
        blocker.execute("LOCK TABLE exams_exam")
        stuck = [threads.submit(web.get, "/api/exams/") for _ in range(3)]
        waiting = "SELECT count(*) = 3 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%exams%'"
        eventually(lambda: rows(database, waiting) == [(True,)], "the requests hang")

        platform, meanwhile = web.get("/health/"), [request.done() for request in stuck]
        answers = [request.result().status_code for request in stuck]

    assert (platform.status_code, meanwhile) == (200, [False, False, False])
    assert answers == [503, 503, 503]


def test_every_line_of_the_log_is_json(start: Start, database: str) -> None:
    """From the first migration to the last request, with health checks left out of the access log."""
    web = start("web", database).healthy()
    web.get("/api/exams/?limit=1")
    web.get("/health/?probe=1")
    web.stop()

    lines = [json.loads(line) for line in web.log.read_text().splitlines()]

    assert {(line["environment"], line["version"]) for line in lines} == {("dev", "1.2.3")}
    requested = [line["message"] for line in lines if line["logger"] == "uvicorn.access"]
    assert len(requested) == 1
    assert "GET /api/exams/?limit=1" in requested[0]


def test_a_test_run_uses_the_test_database(cluster: PostgresCluster, home: Path) -> None:
    """Under pytest the app migrates the test database and leaves the live one as it is."""
    live, test = cluster.new_database(), cluster.new_database()
    env = variables(live, home, DEV_TEST_DATABASE_URL=test, PYTEST_CURRENT_TEST="here")

    assert run("start.py", "migrate", env=env).returncode == 0

    tables = "SELECT count(*) > 0 FROM pg_tables WHERE schemaname = 'public'"
    assert (rows(live, tables), rows(test, tables)) == ([(False,)], [(True,)])
