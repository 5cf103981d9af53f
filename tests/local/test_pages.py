"""The front end travels with the release, and a page that is open somewhere keeps what it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.clouds import TIMEOUT
from tests.support.visitor import Visitor
from tests.support.waiting import eventually
from tests.support.world import Environment, World

MANY = 50


@pytest.fixture
def script(world: World, staging: Environment) -> Iterator[Path]:
    """The script in the checkout, to be edited; afterwards it is as it was, and so is what runs."""
    file = world.checkout.folder / "app/frontend/app.js"
    before = file.read_text()
    yield file
    file.write_text(before)
    world.slipway_up("staging")


def test_a_page_keeps_its_assets_through_two_releases_and_a_rollback(
    world: World, staging: Environment, script: Path
) -> None:
    """Whoever opens the page meanwhile gets one that is whole; whoever has one open finds its script."""
    service = world.render.service("cams-staging")["id"]
    deploy = world.render.all(f"/services/{service}/deploys", "deploy")[0]["id"]

    with Visitor(staging.url) as visitor:
        visitor.more(MANY)
        for number in (2, 3):
            script.write_text(f"{script.read_text()}// release {number}\n")
            world.slipway_up("staging")
            visitor.more(MANY)
        at_third = _answers(staging, visitor.scripts)
        world.render.call("POST", f"/services/{service}/rollback", {"deployId": deploy})
        eventually(lambda: visitor.scripts[0] in _page(staging), "the first release is back")
        visitor.more(MANY)
        at_first = _answers(staging, visitor.scripts)

    assert set(visitor.answers) == {"200"}
    assert len(visitor.scripts) == 3
    assert at_third == at_first == [200, 200, 200]


def _page(environment: Environment) -> str:
    return requests.get(environment.url, timeout=TIMEOUT).text


def _answers(environment: Environment, paths: list[str]) -> list[int]:
    return [requests.get(f"{environment.url}{path}", timeout=TIMEOUT).status_code for path in paths]
