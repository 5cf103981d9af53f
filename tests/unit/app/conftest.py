"""Makes the app's modules importable; they are no package of the repository."""

import sys
from pathlib import Path

import pytest

APP = Path(__file__).parents[3] / "app"
sys.path.insert(0, str(APP))


@pytest.fixture
def app() -> Path:
    """The app's folder."""
    return APP
