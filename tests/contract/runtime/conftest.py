"""A runtime that nothing has started, and a registry for it; modules that need one that runs have their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud.render.runtime.create import create
from localcloud.render.runtime.protocols import Runtime
from tests.contract.conftest import WHY
from tests.support import carriers
from tests.support.container_engine import ContainerEngine
from tests.support.image_registry import Registry

CARRIERS = ["process", pytest.param("container", marks=pytest.mark.skipif(bool(WHY), reason=str(WHY)))]


@pytest.fixture(scope="module", params=CARRIERS)
def carrier(request: pytest.FixtureRequest) -> Iterator[str]:
    """What releases run as; modules that ask for it run once for each."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "container":
            engine: ContainerEngine = request.getfixturevalue("engine")
            patch.setenv("DOCKER_HOST", engine.host)
            patch.setattr(carriers.chosen, "engine", engine)
        yield request.param


@pytest.fixture
def processes(carrier: str) -> None:
    """For what is about processes alone."""
    if carrier != "process":
        pytest.skip("about processes")


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
