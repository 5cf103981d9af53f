"""What dies is brought back."""

from __future__ import annotations

import threading
import time

from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.watchdog import Watchdog


def test_the_dead_are_revived_later_and_later_until_forgotten() -> None:
    """Each failed revival doubles the pause; a forgotten one is left alone."""
    times: list[float] = []
    third = threading.Event()

    def revive() -> None:
        times.append(time.monotonic())
        if len(times) == 3:
            third.set()
        raise RuntimeFailure("it does not come up")

    watchdog = Watchdog()
    try:
        watchdog.watch("thing", lambda: False, revive)
        assert third.wait(20)
    finally:
        watchdog.forget("thing")
    count = len(times)

    assert times[2] - times[1] > times[1] - times[0]
    assert len(times) == count
