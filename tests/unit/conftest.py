"""The whole program, run without any cloud: `declare` says what it would ask the engine for."""

from __future__ import annotations

import pytest

from infra.config import ENVIRONMENTS
from infra.load import from_file
from tests.support.program import Declare, Programs, run


@pytest.fixture(scope="session")
def declare() -> Declare:
    """Run the program on a stack of one's own."""
    return run


@pytest.fixture(scope="session")
def programs() -> Programs:
    """What the three checked-in stacks declare: run once, read by all tests."""
    return {environment: run(from_file(environment)) for environment in ENVIRONMENTS}
