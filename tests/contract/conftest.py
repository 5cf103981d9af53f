"""One container engine for all tests here that run something in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import base_image, container_engine
from tests.support.app_process import APP
from tests.support.container_engine import ContainerEngine

WHY = container_engine.missing() or base_image.missing()


@pytest.fixture(scope="session")
def engine() -> Iterator[ContainerEngine]:
    """With the base in it; whoever asks for it is skipped with the reason where none can be started."""
    if WHY:
        pytest.skip(WHY)
    made = ContainerEngine()
    try:
        base_image.load(made.ready(), APP / "requirements.txt")
        yield made
    finally:
        made.remove()
