"""A scratch PostgreSQL for the tests of migrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from ops.doors import postgres, squawk
from ops.doors.application import Django
from ops.doors.postgres import Scratch
from ops.migrations.lint import Report, drift, lint
from ops.migrations.rehearsal import COPY
from tests.support.django_project import MODELS, Project

ITEMS = 500


@pytest.fixture(scope="session")
def scratch() -> Iterator[Scratch]:
    """One for all of them."""
    with postgres.scratch("16") as one:
        yield one


@pytest.fixture
def look(scratch: Scratch, request: pytest.FixtureRequest) -> Iterator[Callable[..., Report]]:
    """Lints what is new in a project: `look(root, "app.0002_x")`."""
    made: list[str] = []

    def look(root: Path, *new: str, with_models: bool = False) -> Report:
        made.append(f"lint{len(made)}")
        django, database = Django(root, {}), scratch.create(made[-1])
        described = django.ask("graph")
        report = lint(django, database, described, new, version="16", complaints=squawk.complaints)
        return drift(django, database, report) if with_models else report

    yield look
    for name in made:
        scratch.drop(name)


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory, scratch: Scratch) -> Project:
    """A project that runs, and the database `data` as it fills it."""
    project = Project(tmp_path_factory.mktemp("released") / "project", ["shop"])
    project.models("shop", MODELS)
    url = scratch.create("data")
    assert [one["error"] for one in Django(project.root, {}).ask("apply", url)] == [""]
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO shop_owner (name) VALUES ('Ada')")
        connection.execute(
            "INSERT INTO shop_item (title, email, note) "
            "SELECT 't' || n, CASE WHEN n < 3 THEN 'same' ELSE 'e' || n END, 'n' || n FROM generate_series(1, %s) n",
            [ITEMS],
        )
    return project


@pytest.fixture
def next_one(released: Project, tmp_path: Path) -> Project:
    """The same project, for what is to be released."""
    return released.copy(tmp_path / "project")


@pytest.fixture
def copy(scratch: Scratch, released: Project) -> Iterator[str]:
    """The address of a copy of the data."""
    yield scratch.create(COPY, template="data")
    scratch.drop(COPY)
