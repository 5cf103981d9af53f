"""One local cloud for the whole session; each test asks for the environments that it needs."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.support import base_image, container_engine
from tests.support.app_process import APP
from tests.support.checkout import Checkout
from tests.support.container_engine import ContainerEngine
from tests.support.world import ENVIRONMENTS, Environment, World
from tests.support.worlds import empty_world


@pytest.fixture(scope="session")
def engine_images() -> Iterator[dict[str, str]]:
    """With SLIPWAY_IMAGES=engine, all that follows runs on images by a real engine: where it is, and its base."""
    if os.environ["SLIPWAY_IMAGES"] != "engine":
        yield {}
        return
    if why := container_engine.missing() or base_image.missing():
        pytest.skip(why)
    engine = ContainerEngine()
    try:
        base_image.load(engine.ready(), APP / "requirements.txt")
        yield {"SLIPWAY_IMAGES": "engine", "SLIPWAY_BASE_IMAGE": base_image.NAME, "DOCKER_HOST": engine.host}
        assert engine.do("ps", "--all", "--format={{.Names}}") == "", "`local reset` has left a container"
    finally:
        engine.remove()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, engine_images: dict[str, str]) -> Iterator[World]:
    """An empty local cloud, and after the session nothing of it, neither processes nor files."""
    checkout = Checkout(tmp_path_factory.mktemp("checkout"))
    checkout.hurry()
    checkout.environment.update(engine_images)
    with empty_world(checkout) as one:
        yield one


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
