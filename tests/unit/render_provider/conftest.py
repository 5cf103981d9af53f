"""A provider in front of a small fake Render."""

from __future__ import annotations

import pytest

from tests.unit.render_provider.driver import Driver
from tests.unit.render_provider.fake_render import FakeRender


@pytest.fixture
def render() -> FakeRender:
    return FakeRender()


@pytest.fixture
def provider(render: FakeRender) -> Driver:
    return Driver(render)
