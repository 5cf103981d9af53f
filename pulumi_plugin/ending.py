"""How a process hears that it is to end, and how it ends one that it has started."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_AGAIN_SECONDS = 0.5
_PATIENCE_SECONDS = 3.0  # the engine gives whom it interrupts five


class Interrupts:
    """SIGINT and SIGTERM, none of them lost, from now on.

    The signal is noted where the kernel delivers it, in whichever thread. A handler in Python runs only when the main
    thread next does a step of Python: one that comes just before that thread goes to wait would never run.
    """

    def __init__(self) -> None:
        self._reader, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)  # first: a handler by itself would swallow the signal
        for number in SIGNALS:
            signal.signal(number, lambda *_: None)

    def wait(self) -> None:
        """Return once this process was told to end."""
        while os.read(self._reader, 1)[0] not in SIGNALS:
            pass


def end(child: subprocess.Popen[bytes], seconds: float = _PATIENCE_SECONDS) -> None:
    """Ask the child to end, again and again, and kill it after `seconds`; one that has ended is a success."""
    until = time.monotonic() + seconds
    while child.poll() is None and time.monotonic() < until:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(_AGAIN_SECONDS)
    child.kill()
