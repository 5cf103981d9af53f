"""Brings back what dies: each watched thing is started again, later and later while it keeps dying."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from localcloud.render.runtime.failures import RuntimeFailure

LOOK_SECONDS = 0.2
FIRST_DELAY = 0.2
LONGEST_DELAY = 30.0
STEADY_SECONDS = 60.0


@dataclass
class _Watched:
    alive: Callable[[], bool]
    revive: Callable[[], None]
    died: Callable[[], None]
    delay: float
    not_before: float = 0.0
    revived: float = 0.0
    busy: bool = False
    forgotten: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Watchdog:
    """One thread that looks while anything is watched; each revival runs in a thread of its own."""

    def __init__(self) -> None:
        self._watched: dict[str, _Watched] = {}
        self._lock = threading.Lock()
        self._looking = False

    def watch(
        self,
        name: str,
        alive: Callable[[], bool],
        revive: Callable[[], None],
        died: Callable[[], None] = lambda: None,
    ) -> None:
        """Call `died` whenever `alive` is false, and `revive` after a pause, until it is forgotten."""
        with self._lock:
            before = self._watched.get(name)
            if before is not None:
                before.forgotten.set()
            self._watched[name] = _Watched(alive, revive, died, FIRST_DELAY)
            if not self._looking:
                self._looking = True
                threading.Thread(target=self._look, name="watchdog", daemon=True).start()

    def forget(self, name: str) -> None:
        """Leave it to die. Returns after a revival under way has ended."""
        with self._lock:
            watched = self._watched.pop(name, None)
        if watched is not None:
            watched.forgotten.set()
            with watched.lock:
                pass

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            with self._lock:
                watched = list(self._watched.items())
                self._looking = bool(watched)
            if not watched:
                return
            now = time.monotonic()
            for name, one in watched:
                if one.busy or now < one.not_before or one.alive():
                    continue
                if now - one.revived > STEADY_SECONDS:
                    one.delay = FIRST_DELAY
                one.busy = True
                threading.Thread(target=self._revive, args=(name, one), name=f"revive-{name}", daemon=True).start()

    def _revive(self, name: str, one: _Watched) -> None:
        try:
            with one.lock:
                if not one.forgotten.is_set():
                    one.died()
                if not one.forgotten.wait(one.delay):
                    print(f"{name} has died and is started again", file=sys.stderr, flush=True)
                    one.revive()
        except RuntimeFailure as failure:
            print(f"{name} could not be started again: {failure.message}", file=sys.stderr, flush=True)
        finally:
            one.revived = time.monotonic()
            one.delay = min(one.delay * 2, LONGEST_DELAY)
            one.busy = False
