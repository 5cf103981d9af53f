"""A runtime that nothing has started, and a registry for it; modules that need one that runs have their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud.render.runtime.create import create
from localcloud.render.runtime.protocols import Runtime
from tests.support.image_registry import Registry


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    """A runtime in an empty folder; releases need nothing that must be started."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path / "cloud"))
    return create()


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry that AWS_ENDPOINT_URL leads to."""
    with Registry() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{server.host}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()
