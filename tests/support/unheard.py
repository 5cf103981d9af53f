"""A signal that comes when the main thread of a process is not looking."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

from tests.support.waiting import eventually


def unheard(pid: int, number: signal.Signals) -> None:
    """Deliver it to another thread, once the main one waits: as one that comes just before it begins to wait."""
    threads = Path(f"/proc/{pid}/task")
    others = eventually(lambda: [one.name for one in threads.iterdir() if one.name != str(pid)], "another thread")
    eventually(lambda: _waits(threads / str(pid)), "the main thread waits")
    library = ctypes.CDLL(None, use_errno=True)
    if library.tgkill(pid, int(others[0]), int(number)) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _waits(thread: Path) -> bool:
    return (thread / "stat").read_text().rpartition(") ")[2].startswith("S")
