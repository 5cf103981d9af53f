"""render.yaml is what the stack files say, written or compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.errors import ExplainedError
from ops.environments.blueprint import write


def test_it_is_written_once(tmp_path: Path) -> None:
    """A second time there is nothing to write."""
    path = tmp_path / "render.yaml"

    assert [write(path, check=False), write(path, check=False)] == [True, False]
    assert "services:" in path.read_text()


def test_a_check_changes_nothing(tmp_path: Path) -> None:
    """And fails where something would be changed."""
    path = tmp_path / "render.yaml"
    path.write_text("old")

    with pytest.raises(ExplainedError, match=r"^render\.yaml is out of date: .*\n\nhint: \./slipway blueprint$"):
        write(path, check=True)

    assert path.read_text() == "old"
