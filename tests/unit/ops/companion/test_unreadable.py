"""What the companion may not read."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.companion import drops
from ops.companion.memory import remembering
from tests.support.companion_fakes import World


def test_for_a_dump_that_cannot_be_read_nobody_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told, and remembered as any other failure."""
    (tmp_path / "drops").mkdir()
    world = World(tmp_path / "drops", tmp_path / "state.json")
    world.lay("a.sql")

    def refuse(path: Path) -> Iterator[bytes]:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(drops, "_pieces", refuse)
    with remembering(world.state_file, world.folder) as memory:
        world.companion(memory).run(once=True)
        outcomes = [taken.outcome for taken in memory.state.taken.values()]

    assert world.services.said == []
    assert outcomes == ["failed"]
