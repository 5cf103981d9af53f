"""Brings back what dies: each watched thing is started again, later and later while it keeps dying."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from localcloud.render.runtime_protocol import RuntimeFailure

LOOK_SECONDS = 0.2
FIRST_DELAY = 0.2
LONGEST_DELAY = 30.0
STEADY_SECONDS = 60.0


@dataclass
class _Watched:
    alive: Callable[[], bool]
    revive: Callable[[], None]
    delay: float = FIRST_DELAY
    not_before: float = 0.0
    revived: float = 0.0
    busy: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class Keeper:
    """One thread that looks at everything watched; each revival runs in a thread of its own."""

    def __init__(self) -> None:
        self._watched: dict[str, _Watched] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look. May be called again."""
        if self._thread is None or not self._thread.is_alive():
            self._stopped.clear()
            self._thread = threading.Thread(target=self._look, name="keeper", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop looking and forget everything."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        with self._lock:
            names = list(self._watched)
        for name in names:
            self.forget(name)

    def watch(self, name: str, alive: Callable[[], bool], revive: Callable[[], None]) -> None:
        """Call `revive` whenever `alive` is false, until it is forgotten."""
        with self._lock:
            self._watched[name] = _Watched(alive, revive)

    def forget(self, name: str) -> None:
        """Leave it to die. Returns after a revival under way has ended."""
        with self._lock:
            watched = self._watched.pop(name, None)
        if watched is not None:
            with watched.lock:
                pass

    def _look(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            with self._lock:
                watched = list(self._watched.items())
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
                with self._lock:
                    current = self._watched.get(name) is one
                if current and not self._stopped.wait(one.delay):
                    print(f"{name} has died and is started again", file=sys.stderr, flush=True)
                    one.revive()
        except RuntimeFailure as failure:
            print(f"{name} could not be started again: {failure.message}", file=sys.stderr, flush=True)
        finally:
            one.revived = time.monotonic()
            one.delay = min(one.delay * 2, LONGEST_DELAY)
            one.busy = False
