"""One local cloud with dev, staging and prod for the whole folder, and the GitHub whose workflows deploy them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.checkout import Checkout
from tests.support.pipeline import Pipeline
from tests.support.worlds import empty_world


@pytest.fixture(scope="session")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """An empty local cloud, and after the session nothing of it, neither processes nor files."""
    with empty_world(Checkout(tmp_path_factory.mktemp("checkout"))) as world:
        yield Pipeline(world)
