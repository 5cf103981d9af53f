"""Something done again and again, in threads of its own, while something else happens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

PAUSE = 0.05
LONGEST = 60.0  # seconds that one time may take


class Repeated:
    """Each of the acts in a thread, from the beginning of the block to its end."""

    def __init__(self, acts: Iterable[Callable[[], None]], pause: float = PAUSE) -> None:
        self._end, self._pause = threading.Event(), pause
        self._threads = [threading.Thread(target=self._go_on, args=(act,), daemon=True) for act in acts]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(LONGEST)

    def _go_on(self, act: Callable[[], None]) -> None:
        while not self._end.is_set():
            act()
            self._end.wait(self._pause)
