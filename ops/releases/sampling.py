"""Requests at a modest, steady rate, to see how an environment answers."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from ops.doors import web
from ops.releases.observed import Answered, Request

THREADS = 4  # one that waits for an answer holds up no other
PAUSE = 0.75
"""Seconds between two requests of each: some five a second, whatever the environment's size."""
FIRST = 3
"""Requests of each kind before anything else is looked at: all three the first time it is asked."""


class Sampler:
    """Sends what it was given, in turn, until it is told to end."""

    def __init__(self, visit: web.Door, url: str, requests: Sequence[Request], *, pause: float = PAUSE) -> None:
        self._visit, self._url, self._pause = visit, url, pause
        self._turns = itertools.cycle(requests)
        self._end, self._lock = threading.Event(), threading.Lock()
        self._answers: list[Answered] = []
        self._threads = [
            threading.Thread(target=self._go_on, args=(number,), daemon=True)
            for number in range(THREADS if requests else 0)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> list[Answered]:
        """End, and return all answers; those that somebody still waits for are not waited for."""
        self._end.set()
        return self.answers()

    def answers(self) -> list[Answered]:
        """Those so far."""
        with self._lock:
            return [*self._answers]

    def _go_on(self, number: int) -> None:
        self._end.wait(self._pause * number / THREADS)
        while not self._end.is_set():
            with self._lock:
                request = next(self._turns)
            answered = ask(self._visit, self._url, request)
            if not self._end.is_set():
                with self._lock:
                    self._answers.append(answered)
            self._end.wait(self._pause)


def ask(visit: web.Door, url: str, request: Request) -> Answered:
    """One request."""
    return Answered(request, visit(request.method, url + request.path))


def first_round(visit: web.Door, url: str, requests: Sequence[Request]) -> list[Answered]:
    """A few of each kind, at once."""
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        return list(pool.map(lambda request: ask(visit, url, request), [*requests] * FIRST))


def observe(
    sampler: Sampler,
    seconds: float,
    judge: Callable[[Sequence[Answered]], str | None],
    *,
    look: float = 0.5,
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> tuple[str | None, list[Answered]]:
    """Watch the answers for so long, or until the judge has seen enough; returns its word, and all answers."""
    end = clock() + seconds
    sampler.start()
    why = None
    while why is None and clock() < end:
        wait(min(look, max(end - clock(), 0)))
        why = judge(sampler.answers())
    return why, sampler.stop()
