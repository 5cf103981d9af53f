"""Migrating: once, before a release serves, and never for long in the way of others."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.support.app_process import MIGRATIONS, Start, copy_of_app, run, variables
from tests.support.postgres_cluster import rows
from tests.support.waiting import eventually


def test_two_instances_migrate_once(start: Start, database: str) -> None:
    """Two that start together on an empty database: one applies every migration, both serve."""
    pair = [start("web", database), start("web", database)]

    applied = []
    for instance in pair:
        applied += [m for m in instance.healthy().messages() if m.startswith("applied ")]

    assert applied == [f"applied {MIGRATIONS} migrations"]
    assert rows(database, "SELECT count(*), count(DISTINCT (app, name)) FROM django_migrations") == [
        (MIGRATIONS, MIGRATIONS)
    ]


def test_the_migrate_command_does_only_that(database: str, home: Path) -> None:
    """`migrate` migrates and ends; a second time there is nothing to do."""
    env = variables(database, home)

    first, second = run("start.py", "migrate", env=env), run("start.py", "migrate", env=env)

    assert (first.returncode, second.returncode) == (0, 0)
    assert f"applied {MIGRATIONS} migrations" in first.stdout
    assert "no pending migrations" in second.stdout


def test_a_failing_migration_stops_the_start(database: str, home: Path, tmp_path: Path) -> None:
    """The reason is the last thing said, nothing of that migration stays, and nothing is served."""
    app = copy_of_app(tmp_path / "app")
    (app / "exams/migrations/9999_broken.py").write_text(
        "from django.db import migrations\n"
        "class Migration(migrations.Migration):\n"
        "    dependencies = [('exams', '0001_initial')]\n"
        "    operations = [migrations.RunSQL('CREATE TABLE half_made (id int); SELECT 1/0')]\n"
    )

    done = run("start.py", "web", env=variables(database, home), app=app)

    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "migration failed: DataError: division by zero"
    assert rows(database, "SELECT count(*) FROM pg_tables WHERE tablename = 'half_made'") == [(0,)]


@pytest.mark.parametrize("read_before", [False, True])
def test_a_migration_that_others_wait_for_is_ended(
    database: str, home: Path, tmp_path: Path, *, read_before: bool
) -> None:
    """One that holds its lock for long, and one that waits for a long reader with everybody behind it."""
    env = variables(database, home, MIGRATION_OTHERS_WAIT_SEC="1")
    assert run("start.py", "migrate", env=env).returncode == 0
    app = copy_of_app(tmp_path / "app")
    statement = "ALTER TABLE exams_exam ADD later int; SELECT pg_sleep(60)"
    (app / "exams/migrations/0002_locking.py").write_text(
        "from django.db import migrations\n"
        "class Migration(migrations.Migration):\n"
        "    dependencies = [('exams', '0001_initial')]\n"
        f"    operations = [migrations.RunSQL('{statement}')]\n"
    )
    locked = "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'exams_exam'::regclass"
    with psycopg.connect(database) as reader, ThreadPoolExecutor() as pool:
        if read_before:
            reader.execute("SELECT count(*) FROM exams_exam")
        migrating = pool.submit(run, "start.py", "migrate", env=env, app=app)
        eventually(lambda: rows(database, locked))
        assert not migrating.done()
        asked = rows(database, "SELECT count(*) FROM exams_exam")
        done = migrating.result(30)

    assert asked == [(0,)]
    assert done.returncode == 1
    assert re.match(r"migration ended: 1 sessions waited for it, up to 1\.\d s, at exams_exam\n", done.stderr), (
        done.stderr
    )
    assert rows(database, "SELECT count(*) FROM pg_attribute WHERE attname = 'later'") == [(0,)]


def test_migrations_match_the_models(database: str, home: Path) -> None:
    """No model has changed without its migration, and Django's own checks find nothing."""
    env = variables(database, home)

    assert run("manage.py", "makemigrations", "--check", "--dry-run", env=env).returncode == 0
    assert run("manage.py", "check", "--fail-level", "WARNING", env=env).returncode == 0
