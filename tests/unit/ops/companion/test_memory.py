"""What is remembered, by one companion at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.errors import REFUSED, ExplainedError
from ops.companion.drops import Drop
from ops.companion.keeping import InFile
from ops.companion.memory import Memory, remembering

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DROP = Drop("a.sql", 3, "17")


def test_each_change_is_in_the_file_at_once(tmp_path: Path) -> None:
    """Whole, and only its owner may read it."""
    path = tmp_path / "state.json"
    memory = Memory(InFile(path))

    memory.stopping("web")
    memory.note(DROP, "begun", NOW)

    assert Memory(InFile(path)).state == memory.state
    assert Memory(InFile(path)).knows(DROP)
    assert not Memory(InFile(path)).knows(Drop("a.sql", 3, "18"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(one.name for one in tmp_path.iterdir()) == ["state.json"]


def test_what_is_no_memory_is_an_error(tmp_path: Path) -> None:
    """Without it everything would be restored anew."""
    (tmp_path / "state.json").write_text('{"format": 2}')

    with pytest.raises(ExplainedError, match=r"cannot read .*it holds something else"):
        Memory(InFile(tmp_path / "state.json"))


def test_two_companions_do_not_share_a_memory_or_a_folder(tmp_path: Path) -> None:
    """The second is refused; where the first has ended, it is the first."""
    watched = tmp_path / "drops"
    watched.mkdir()
    with remembering(tmp_path / "state.json", watched):
        with (
            pytest.raises(ExplainedError, match=r"state\.json") as same_memory,
            remembering(tmp_path / "state.json", None),
        ):
            pass
        with (
            pytest.raises(ExplainedError, match="drops") as same_folder,
            remembering(tmp_path / "other.json", watched),
        ):
            pass

    assert (same_memory.value.code, same_folder.value.code) == (REFUSED, REFUSED)
    with remembering(tmp_path / "state.json", watched) as memory:
        assert memory.state.taken == {}
