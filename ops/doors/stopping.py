"""The door to the signals that ask a process to end: between pieces of work, or in one that may be broken off."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class StopAskedError(BaseException):
    """In the middle of what is undone by that."""


class Stopping:
    """Whether we were asked to end."""

    def __init__(self) -> None:
        self._asked, self._breakable = threading.Event(), False

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    def ask(self) -> None:
        """End soon; what may be broken off is broken off now, the first time."""
        first = not self._asked.is_set()
        self._asked.set()
        if first and self._breakable:
            raise StopAskedError

    def wait(self, seconds: float) -> bool:
        """Let time pass; whether we were asked to end by then. A signal ends the waiting."""
        return self._asked.wait(seconds)

    @contextmanager
    def breakable(self) -> Iterator[None]:
        """What is done in here may be broken off anywhere, and cleans up after itself."""
        if self.asked:
            raise StopAskedError
        self._breakable = True
        try:
            yield
        finally:
            self._breakable = False


@contextmanager
def on_signals() -> Iterator[Stopping]:
    """SIGTERM and Ctrl-C ask, once each run; the process's own ways come back afterwards."""
    stopping = Stopping()

    def asks(number: int, frame: FrameType | None) -> None:
        stopping.ask()

    before = {number: signal.signal(number, asks) for number in SIGNALS}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
