"""One local AWS for all tests that only make things of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.aws_daemon import Aws, running
from tests.support.tokens import Issuer
from tests.support.web_identity import register


@pytest.fixture(scope="package")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """One daemon for the folder; each test names its own things."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        yield daemon
        assert not (daemon.root / ".local/clock.json").exists(), "who moves the clock has a daemon of their own"


@pytest.fixture
def issuer(aws: Aws) -> Iterator[Issuer]:
    """An issuer of its own for each test, registered, with a role that trusts it."""
    made = Issuer("", 0)
    register(aws, made)
    yield made
    made.close()
