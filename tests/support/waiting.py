"""Waiting for something to become true, and never for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 60.0


def eventually(
    condition: Callable[[], Any], what: str = "it", seconds: float = PATIENCE_SECONDS, every: float = 0.02
) -> Any:
    """The condition's first true value, asked again and again for at most `seconds`."""
    give_up = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < give_up, f"{what}: not so within {seconds:g} s"
        time.sleep(every)
    return found
