"""The machine's load is told apart from a process's own work."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ops.doors.django_side.waiting import waited
from ops.doors.django_side.watch import Watch

LONG = 0.1


def test_a_process_tells_how_long_it_waited_for_a_processor(tmp_path: Path) -> None:
    """In nanoseconds, the second number; of nobody else's process, and of none, nothing is known."""
    (tmp_path / "7").mkdir()
    (tmp_path / "7/schedstat").write_text("99000000000 2500000000 12\n")
    (tmp_path / "7/comm").write_text("postgres\n")

    assert waited(7, "postgres", tmp_path) == waited(7, proc=tmp_path) == 2.5
    assert waited(7, "python", tmp_path) == waited(8, "postgres", tmp_path) == 0.0


def test_a_watchs_clock_stands_while_who_is_at_work_waits() -> None:
    """The server in a statement, ourselves between two; what the other waits for meanwhile costs nobody time."""
    own, server = [0.0], [0.0]
    raw = SimpleNamespace(autocommit=False, info=SimpleNamespace(backend_pid=7, transaction_status=None))
    connection: Any = SimpleNamespace(connection=raw, ensure_connection=lambda: None)
    watch = Watch(connection, waits=lambda _: (own[0], server[0]))

    def busy(wait: list[float], other: list[float]) -> None:
        began, so_far = time.perf_counter(), wait[0]
        while time.perf_counter() - began < LONG:
            other[0] += 1.0  # more than has passed
        wait[0] = so_far + time.perf_counter() - began

    began = watch.now()
    watch(lambda *_: busy(server, own), "SET x", None, False, None)
    ended = watch.now()
    busy(own, server)
    later = watch.now()

    assert 0 <= ended - began < LONG / 2
    assert 0 <= later - ended < LONG / 2
