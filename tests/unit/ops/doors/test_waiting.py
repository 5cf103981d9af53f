"""The machine's load is told apart from a process's own work."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ops.doors.django_side.waiting import waited
from ops.doors.django_side.watch import Watch


def test_a_process_tells_how_long_it_waited_for_a_processor(tmp_path: Path) -> None:
    """In nanoseconds, the second number; of nobody else's process, and of none, nothing is known."""
    (tmp_path / "7").mkdir()
    (tmp_path / "7/schedstat").write_text("99000000000 2500000000 12\n")
    (tmp_path / "7/comm").write_text("postgres\n")

    assert waited(7, "postgres", tmp_path) == waited(7, proc=tmp_path) == 2.5
    assert waited(7, "python", tmp_path) == waited(8, "postgres", tmp_path) == 0.0


def test_a_watchs_clock_stands_while_who_is_at_work_waits() -> None:
    """The server in a statement, ourselves between two; what the other waits for meanwhile costs nobody time."""
    waited_for = [0.0, 0.0]
    raw = SimpleNamespace(autocommit=False, info=SimpleNamespace(backend_pid=7, transaction_status=None))
    connection: Any = SimpleNamespace(connection=raw, ensure_connection=lambda: None)
    watch = Watch(connection, waits=lambda _: (waited_for[0], waited_for[1]))

    def statement(*_: object) -> None:
        waited_for[:] = [waited_for[0] + 100, waited_for[1] + 1000]

    began = watch.now()
    watch(statement, "SET x", None, False, None)
    ended = watch.now()
    waited_for[0] += 20
    later = watch.now()

    assert (began - ended, ended - later) == (pytest.approx(1000, abs=5), pytest.approx(20, abs=5))
