"""What dies is brought back."""

from __future__ import annotations

import threading
import time

import pytest

from localcloud.render.runtime import watchdog as watching
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.watchdog import Watchdog
from tests.support.waiting import eventually


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


def test_nobody_waits_for_the_pause_before_a_revival(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is forgotten while it is to be revived later is left alone at once."""
    monkeypatch.setattr(watching, "FIRST_DELAY", 600.0)
    revived = threading.Event()
    watchdog = Watchdog()
    watchdog.watch("thing", lambda: False, revived.set)
    eventually(watchdog._watched["thing"].lock.locked, "the pause before the revival")

    forgetting = threading.Thread(target=watchdog.forget, args=("thing",), daemon=True)
    forgetting.start()
    forgetting.join(20)

    assert not forgetting.is_alive()
    assert not revived.is_set()


def test_it_looks_again_after_it_had_nothing_to_watch() -> None:
    """Its thread ends when nothing is watched, and begins with the next."""
    watchdog = Watchdog()
    for name in ("first", "second"):
        revived = threading.Event()
        watchdog.watch(name, revived.is_set, revived.set)
        assert revived.wait(20)
        watchdog.forget(name)
        eventually(lambda: not any(thread.name == "watchdog" for thread in threading.enumerate()))
