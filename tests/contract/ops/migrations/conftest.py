"""A scratch PostgreSQL for the tests of migrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops.doors import postgres, squawk
from ops.doors.application import Django
from ops.doors.postgres import Scratch
from ops.migrations.lint import Report, drift, lint


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
