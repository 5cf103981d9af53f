"""One local cloud for all attacks that leave it whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local.faults.world import World, a_world


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """Started, with nothing brought up yet; a test puts back what it spoils."""
    with a_world() as found:
        started = found.slipway("local", "start")
        assert started.code == 0, started.all
        yield found
