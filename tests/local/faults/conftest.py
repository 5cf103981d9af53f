"""One local cloud for all attacks that leave it whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.world import World
from tests.support.worlds import separate_world


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """Started, with nothing brought up yet; a test puts back what it spoils."""
    with separate_world() as found:
        started = found.slipway("local", "start")
        assert started.returncode == 0, started.output
        yield found


@pytest.fixture(scope="session")
def _staging(world: World) -> World:
    done = world.pulumi_up("staging")
    assert done.returncode == 0, done.output
    return world


@pytest.fixture
def dev_gone(world: World) -> World:
    """The same, with nothing of dev."""
    listed = world.pulumi("stack", "ls", "--json").stdout
    if '"dev"' in listed:
        destroyed = world.pulumi("destroy", "--stack", "dev", "--yes", "--skip-preview")
        assert destroyed.returncode == 0, destroyed.output
    return world


@pytest.fixture
def staging(_staging: World) -> World:
    """The same, with staging up."""
    return _staging
