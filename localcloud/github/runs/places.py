"""Concurrency groups: one holds the place, one waits for it, and who comes later takes the place of who waits.

https://docs.github.com/en/actions/concepts/workflows-and-actions/concurrency
"""

from __future__ import annotations

import threading
from collections.abc import Callable

Cancel = Callable[[str, str], None]
Goes = Callable[[], bool]


class Places:
    """Of one repository; runs and jobs share the groups. All of it is done under the condition's lock."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._held: dict[str, str] = {}
        self._waits: dict[str, str] = {}

    def enter(self, group: str, who: str, *, cancel: Cancel | None, goes_on: Goes) -> bool:
        """Wait until the place is free; no where somebody newer waits in one's stead, or it is given up meanwhile.

        `cancel` ends who holds it, in the name of who wants it; without it the holder is waited for.
        """
        key = group.lower()
        with self._changed:
            self._waits[key] = who
            self._changed.notify_all()
            if cancel and key in self._held:
                cancel(self._held[key], who)
            while key in self._held and self._waits.get(key) == who and goes_on():
                self._changed.wait()
            if self._waits.get(key) != who:
                return False
            del self._waits[key]
            if not goes_on():
                return False
            self._held[key] = who
            return True

    def leave(self, group: str, who: str) -> None:
        """Give the place to who waits."""
        with self._changed:
            if self._held.get(group.lower()) == who:
                del self._held[group.lower()]
                self._changed.notify_all()

    def holder(self, group: str) -> str | None:
        """Who has it, for people."""
        return self._held.get(group.lower())
