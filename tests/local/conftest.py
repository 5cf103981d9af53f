"""One local cloud for the whole session; each test asks for the environments that it needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.checkout import Checkout
from tests.support.world import ENVIRONMENTS, Environment, World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An empty local cloud, and after the session nothing of it, neither processes nor files."""
    checkout = Checkout(tmp_path_factory.mktemp("checkout"))
    checkout.hurry()
    one = World(checkout)
    try:
        yield one
    finally:
        checkout.shell("./slipway local reset", check=True)
        assert one.left_running() == []


@pytest.fixture
def clean(world: World) -> Iterator[None]:
    """Whatever a test does, `git status` is clean after it; each environment asks for this."""
    yield
    assert world.checkout.changes() == ""


@pytest.fixture
def staging(world: World, clean: None) -> Environment:
    """Brought to life by `./slipway up staging`."""
    return world.have("staging")


@pytest.fixture
def dev(world: World, clean: None) -> Environment:
    """Brought to life by a bare `pulumi up`."""
    return world.have("dev")


@pytest.fixture
def prod(world: World, clean: None) -> Environment:
    """Brought to life by a bare `pulumi up`."""
    return world.have("prod")


@pytest.fixture
def environments(world: World, clean: None) -> dict[str, Environment]:
    """All three at once."""
    return {name: world.have(name) for name in ENVIRONMENTS}
