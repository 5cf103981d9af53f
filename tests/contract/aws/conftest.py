"""One local AWS for all tests that only make things of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.aws_daemon import Aws, running


@pytest.fixture(scope="package")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """One daemon for the folder; each test names its own things."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        yield daemon
