"""PostgreSQL's programs where a user without rights can run them."""

from __future__ import annotations

from pathlib import Path

import pytest

from localcloud.render.runtime.databases import programs


@pytest.mark.parametrize(
    ("mode", "shared", "seen"),
    [(0o755, True, 0o755), (0o644, True, 0o644), (0o700, False, 0o755), (0o600, False, 0o644)],
)
def test_a_program_is_shared_where_everybody_may_read_it(tmp_path: Path, mode: int, shared: bool, seen: int) -> None:
    """Only what is private is copied, and the original keeps its permissions."""
    source = tmp_path / "postgres"
    source.write_text("program")
    source.chmod(mode)

    programs._link(str(source), str(tmp_path / "link"))

    assert source.samefile(tmp_path / "link") == shared
    assert (tmp_path / "link").stat().st_mode & 0o777 == seen
    assert source.stat().st_mode & 0o777 == mode
    assert (tmp_path / "link").read_text() == "program"
