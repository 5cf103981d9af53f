"""`start.py COMMAND --check`: whether a command could run, found out without effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.app_process import MIGRATIONS, copy_of_app, run, variables
from tests.support.postgres_cluster import PostgresCluster, free_port, rows

COUNTS = """SELECT (SELECT count(*) FROM auth_user), (SELECT count(*) FROM exams_exam),
(SELECT count(*) FROM cams_heartbeat), (SELECT count(*) FROM django_tasks_database_dbtaskresult),
(SELECT array_agg(session_key) FROM django_session)"""
BREAK = {
    "web": ("exams/views.py", "\ndef _list(", "\n1 / 0\n\n\ndef _list("),
    "migrate": ("exams/migrations/0001_initial.py", "dependencies = []", "dependencies = [('exams', '0000_none')]"),
    "worker": ("exams/schedule.py", "    now = now or timezone.now()\n", "    1 / 0\n"),
    "clearsessions": ("start.py", '    call_command("clearsessions")\n', '    call_command("clearsession")\n'),
}


@pytest.fixture(scope="module")
def migrated(cluster: PostgresCluster, home: Path) -> str:
    """A migrated database with a session that has expired."""
    url = cluster.new_database()
    assert run("start.py", "migrate", env=variables(url, home)).returncode == 0
    rows(url, "INSERT INTO django_session VALUES ('old', '', now() - interval '1 s')")
    return url


@pytest.mark.parametrize("command", BREAK)
def test_a_check_tries_it_and_changes_nothing(command: str, migrated: str, home: Path) -> None:
    """Exit code 0, and the database is as it was: also what the command would have deleted is there."""
    done = run("start.py", command, "--check", env=variables(migrated, home))

    assert (done.returncode, done.stderr) == (0, "")
    assert f"{command} could run here" in done.stdout
    assert rows(migrated, COUNTS) == [(0, 0, 0, 0, ["old"])]


@pytest.mark.parametrize("command", BREAK)
def test_a_check_of_what_is_broken_fails(command: str, migrated: str, home: Path, tmp_path: Path) -> None:
    """Exit code 1, and why."""
    app = copy_of_app(tmp_path / "app")
    file, before, after = BREAK[command]
    text = (app / file).read_text()
    assert before in text
    (app / file).write_text(text.replace(before, after, 1))

    done = run("start.py", command, "--check", env=variables(migrated, home), app=app)

    assert done.returncode == 1
    assert done.stderr.startswith(f"{command} could not run: ")
    assert "\n\nhint: mend the release\n" in done.stderr


def test_a_check_names_what_is_missing(database: str, home: Path) -> None:
    """Pending migrations fail a job's check; that of `migrate` lists them and is content."""
    env = variables(database, home)

    job, migrate = (run("start.py", command, "--check", env=env) for command in ("clearsessions", "migrate"))

    assert job.returncode == 1
    assert job.stderr.splitlines()[0] == (
        f"clearsessions could not run: {MIGRATIONS} migrations are pending, first contenttypes.0001_initial"
    )
    assert migrate.returncode == 0
    assert f"{MIGRATIONS} migrations are pending: contenttypes.0001_initial, " in migrate.stdout
    assert rows(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_a_check_without_a_database_fails(home: Path) -> None:
    """After the time that a start has for it."""
    env = variables(f"postgresql://cams@127.0.0.1:{free_port()}/exams", home, DB_WAIT_TIMEOUT_SEC="0")

    done = run("start.py", "clearsessions", "--check", env=env)

    assert done.returncode == 1
    assert done.stderr.startswith("cannot start: the database at 127.0.0.1:")
