"""What is under way for each service and can be ended from another thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Operations:
    """Each looks at an event of its own, which is set when it shall end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: list[tuple[str, str, threading.Event]] = []

    @contextmanager
    def begin(self, service_id: str, operation_id: str) -> Iterator[threading.Event]:
        """Something that can be cancelled until the block ends."""
        operation = (service_id, operation_id, threading.Event())
        with self._lock:
            self._under_way.append(operation)
        try:
            yield operation[2]
        finally:
            with self._lock:
                self._under_way.remove(operation)

    def cancel(self, service_id: str, operation_id: str) -> bool:
        """Whether there was such an operation to be told."""
        with self._lock:
            events = [event for *key, event in self._under_way if key == [service_id, operation_id]]
            for event in events:
                event.set()
        return bool(events)

    def cancel_all(self, service_id: str | None = None) -> None:
        """Those of a service, or all there are."""
        with self._lock:
            for owner, _, event in self._under_way:
                if service_id in (None, owner):
                    event.set()
