"""The six parts of the runtime, together."""

from __future__ import annotations

from pathlib import Path

import pytest

from localcloud.render.runtime.protocols import Runtime
from tests.support.runtime_fake import FakePart, FakeRuntime


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which part was opened or closed, in order."""
    seen: list[str] = []
    for verb in ("open", "close"):
        monkeypatch.setattr(FakePart, verb, lambda part, verb=verb: seen.append(f"{verb} {type(part).__name__}"))
    return seen


@pytest.fixture
def runtime(tmp_path: Path) -> Runtime:
    """Six parts that run nothing."""
    return FakeRuntime(tmp_path).runtime


def test_what_uses_something_ends_before_it(runtime: Runtime, calls: list[str]) -> None:
    """Builds and instances before the edge, databases after whatever may write to them, the logs of all last."""
    runtime.stop()

    parts = ("Releases", "Instances", "Edge", "KeyValues", "Databases", "Logs")
    assert calls == [f"close Fake{part}" for part in parts]


def test_leftovers_end_before_anything_serves_again(runtime: Runtime, calls: list[str]) -> None:
    """A killed predecessor's builds and instances go first, the edge comes last."""
    runtime.start()

    parts = ("Releases", "Instances", "Databases", "KeyValues", "Logs", "Edge")
    assert calls == [f"open Fake{part}" for part in parts]
