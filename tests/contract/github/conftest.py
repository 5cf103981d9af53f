"""One GitHub for all whose tests push workflows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.github_runs import GitHub


@pytest.fixture(scope="session")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHub]:
    """Each test pushes a workflow of its own."""
    one = GitHub(tmp_path_factory.mktemp("github"))
    yield one
    one.stop()
