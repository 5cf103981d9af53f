"""A port for each instance, free and promised to no other."""

from __future__ import annotations

import threading

from localcloud.machine.ports import choose, ports

_reserved: set[int] = set()
_reserving = threading.Lock()


def reserve() -> int:
    """A port free at this moment, and not promised to another instance of ours."""
    kept = set(ports().values())
    with _reserving:
        number = choose(kept | _reserved)
        _reserved.add(number)
    return number


def release(number: int) -> None:
    """Nobody needs it any more."""
    with _reserving:
        _reserved.discard(number)
