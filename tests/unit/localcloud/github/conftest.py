"""A GitHub without a daemon, in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud.github.repositories.life import prepare
from localcloud.github.store import GitHub


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    """Its repository is called as the folder."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))
    made = GitHub()
    prepare(made)
    yield made
    made.store.close()
