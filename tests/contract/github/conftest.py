"""One GitHub for the tests of a file: each uses branches of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.github_runs import GitHub
from tests.support.github_world import World, prepare, running


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A GitHub with one commit on `main`."""
    root = tmp_path_factory.mktemp("github")
    prepare(root)
    with running(root) as made:
        yield made


@pytest.fixture(scope="session")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHub]:
    """One for all whose tests push workflows: each pushes one of its own."""
    one = GitHub(tmp_path_factory.mktemp("github"))
    yield one
    one.stop()
