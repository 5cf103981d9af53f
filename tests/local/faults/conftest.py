"""One local cloud for all attacks that leave it whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.fault_world import World, a_world


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """Started, with nothing brought up yet; a test puts back what it spoils."""
    with a_world() as found:
        started = found.slipway("local", "start")
        assert started.code == 0, started.all
        yield found


@pytest.fixture(scope="session")
def _staging(world: World) -> World:
    done = world.up("staging")
    assert done.code == 0, done.all
    return world


@pytest.fixture
def dev_gone(world: World) -> World:
    """The same, with nothing of dev."""
    listed = world.pulumi("stack", "ls", "--json").out
    if '"dev"' in listed:
        destroyed = world.pulumi("destroy", "--stack", "dev", "--yes", "--skip-preview")
        assert destroyed.code == 0, destroyed.all
    return world


@pytest.fixture
def staging(_staging: World) -> World:
    """The same, with staging up."""
    return _staging
