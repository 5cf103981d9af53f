"""Time as the client sees it: a wait can be ended from another thread, and a test can bring its own."""

from __future__ import annotations

import random
import threading
import time
from typing import Protocol

from render_api.errors import StoppedError


class Clock(Protocol):
    """What waiting needs."""

    def now(self) -> float:
        """Seconds that only go up."""

    def today(self) -> float:
        """Seconds since 1970."""

    def sleep(self, seconds: float) -> None:
        """Wait; raises `StoppedError` as soon as somebody calls `stop`."""

    def jitter(self) -> float:
        """A number from 0 to 1, so that many clients do not come back in the same instant."""


class SystemClock:
    """This machine's clock."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> float:
        return time.monotonic()

    def today(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        if self._stopped.wait(max(0.0, seconds)):
            raise StoppedError(
                "render", "stopped while waiting", hint="run the command again: it goes on where it stopped"
            )

    def jitter(self) -> float:
        return random.random()  # noqa: S311 - spreads load, guards nothing

    def stop(self) -> None:
        """End every wait, now and from now on."""
        self._stopped.set()
