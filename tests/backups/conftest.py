"""One local cloud for the whole folder, whose clock the tests move: nobody else's is the same afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.isolation.scene import Scene
from tests.support.checkout import Checkout
from tests.support.jobs import Jobs
from tests.support.world import Environment, World
from tests.support.worlds import empty_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An empty local cloud, and after the session nothing of it, neither processes nor files."""
    checkout = Checkout(tmp_path_factory.mktemp("checkout"))
    checkout.hurry()
    with empty_world(checkout) as one:
        yield one


@pytest.fixture(scope="session")
def staging(world: World) -> Environment:
    """With an exam in it."""
    staging = world.have("staging")
    staging.store("Anatomy")
    return staging


@pytest.fixture(scope="session")
def scene(world: World, staging: Environment) -> Scene:
    """Who acts there, with the tokens that Render gives to services."""
    return Scene(world.environment, world.root)


@pytest.fixture(scope="session")
def jobs(staging: Environment) -> Jobs:
    """Those that keep its data."""
    return Jobs(staging)


@pytest.fixture(scope="session")
def backup(world: World, jobs: Jobs) -> str:
    """The id of a backup that nobody has asked for: the clock came to the time that the stack file says."""
    assert jobs.manifests() == []
    world.local("clock", jobs.next("backup"), check=True)
    [made] = jobs.wait_for(jobs.manifests, "the scheduled backup has landed")
    return made.split("/")[2]
