"""Made-up exams: for environments that have no data of their own, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.app_process import run, variables
from tests.support.postgres_cluster import rows


def test_an_empty_database_is_filled_once(database: str, home: Path) -> None:
    """One exam of each status; a second time, and where somebody has an exam already, nothing is added."""
    env = variables(database, home) | {"ENVIRONMENT": "preview", "PREVIEW_ALLOWED_HOSTS": "localhost"}

    first, second = run("start.py", "sample", env=env), run("start.py", "sample", env=env)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "stored 4 sample exams" in first.stdout
    assert "stored 0 sample exams" in second.stdout
    stored = rows(database, "SELECT status FROM exams_exam ORDER BY status")
    assert stored == [("closed",), ("draft",), ("open",), ("scheduled",)]


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_real_data_gets_none(environment: str, database: str, home: Path) -> None:
    """Not even an empty database of staging or prod, which is not touched at all."""
    env = variables(database, home) | {
        "ENVIRONMENT": environment,
        "DJANGO_DEBUG": "false",
        "DJANGO_ALLOWED_HOSTS": "localhost",
    }

    done = run("start.py", "sample", env=env)

    assert done.returncode == 1
    assert f"ENVIRONMENT is {environment}, and made-up exams are for dev and preview alone" in done.stderr
    assert rows(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
