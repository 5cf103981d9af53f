"""What the tests of the local `pulumi` share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.wrapped import make_checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one stack file, the wrapper, and a CLI that says what it was given."""
    make_checkout(tmp_path)
    return tmp_path
