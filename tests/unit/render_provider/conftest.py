"""A provider in front of a small fake Render."""

from __future__ import annotations

import pytest

from tests.support.driver import Driver
from tests.support.fake_render import FakeRender


@pytest.fixture
def render() -> FakeRender:
    return FakeRender()


@pytest.fixture
def provider(render: FakeRender) -> Driver:
    return Driver(render)
