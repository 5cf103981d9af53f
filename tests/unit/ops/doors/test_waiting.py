"""The machine's load is told apart from a process's own work."""

from __future__ import annotations

from pathlib import Path

from ops.doors.django_side.waiting import waited


def test_a_process_tells_how_long_it_waited_for_a_processor(tmp_path: Path) -> None:
    """In nanoseconds, the second number; of nobody else's process, and of none, nothing is known."""
    (tmp_path / "7").mkdir()
    (tmp_path / "7/schedstat").write_text("99000000000 2500000000 12\n")
    (tmp_path / "7/comm").write_text("postgres\n")

    assert waited(7, "postgres", tmp_path) == waited(7, proc=tmp_path) == 2.5
    assert waited(7, "python", tmp_path) == waited(8, "postgres", tmp_path) == 0.0
