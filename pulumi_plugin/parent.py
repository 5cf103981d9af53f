"""Ends a process that was started for another when that other is gone."""

from __future__ import annotations

import os
import threading
import time

_watching = threading.Event()


def exit_with_parent(parent: int | None = None, seconds: float = 1.0) -> None:
    """Watch the parent from a thread and end this process when it was killed, so that nothing is left running.

    Who knows the parent's number says it: by now it may be gone already, and the number of another one.
    """
    if _watching.is_set():
        return
    _watching.set()
    parent = parent or os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(seconds)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="exit-with-parent").start()
