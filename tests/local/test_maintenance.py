"""Maintenance on a whole environment: the page, what rests, an `up` meanwhile, and the way back."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import requests

from tests.support.waiting import eventually
from tests.support.world import Environment, World, assert_nothing_to_do

RESTING = ("cams-staging-worker", "cams-staging-clearsessions")


@pytest.fixture
def maintained(world: World, staging: Environment) -> Iterator[Environment]:
    """In maintenance, and out of it whatever the test does."""
    world.bare("./slipway maintenance on staging --until 30m")
    try:
        yield staging
    finally:
        world.bare("./slipway maintenance off staging")
        eventually(lambda: all(world.render.service(name)["suspended"] == "not_suspended" for name in RESTING))


def test_an_environment_in_maintenance(world: World, maintained: Environment) -> None:
    """All requests get the page, workers and jobs rest, programs are told so, and the engine sees no difference."""
    answer = requests.get(f"{maintained.outputs['url']}/api/health/", timeout=20)
    status = json.loads(world.bare("./slipway maintenance status staging --json --expect on").stdout)

    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert "contact" in answer.text.lower()
    assert status["maintenance"] == "on"
    assert [status[name] for name in RESTING] == ["paused", "paused"]
    assert_nothing_to_do(maintained)
    world.slipway_up("staging")
    assert requests.get(maintained.outputs["url"], timeout=20).status_code == 503


def test_out_of_maintenance_it_answers(world: World, staging: Environment) -> None:
    """At once after `off`; `status` of one that was never in it says off."""
    told = world.bare("./slipway maintenance status staging").stdout

    assert "maintenance                 off" in told
    assert requests.get(f"{staging.outputs['url']}/api/health/", timeout=20).status_code == 200
