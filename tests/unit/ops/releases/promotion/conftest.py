"""Something to promote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.releases.records import Records
from tests.support.plain_registry import plain_registry
from tests.support.promoting import STAGING, Ups
from tests.support.releasing import World, local_cloud


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Staging has built the tree, and its release has passed the gate."""
    for name in ("GITHUB_ACTIONS", "GITHUB_REF", "GITHUB_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    with plain_registry(lists_referrers=True) as registry:
        one = World(registry, local_cloud(tmp_path))
        built = one.build("staging", test_run="https://github.com/example/cams/actions/runs/1")
        Records(STAGING, one.ssm).has_passed(built.release.digest)
        yield one


@pytest.fixture
def up(world: World) -> Ups:
    """In place of Pulumi."""
    return Ups(world)
