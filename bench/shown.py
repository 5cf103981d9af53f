"""What an environment's address says of the release that it serves."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import requests

from infra.application import APPLICATION

SECONDS = 5  # for one answer


def get(url: str) -> requests.Response | None:
    """A good answer over a connection of its own, or none."""
    try:
        answer = requests.get(url, timeout=SECONDS)
    except requests.RequestException:
        return None
    return answer if answer.ok else None


def told(url: str) -> dict[str, Any]:
    """What the release at an address says of itself; nothing where none answers."""
    answer = get(f"{url}{APPLICATION.release}")
    return dict(answer.json()) if answer else {}


def version(url: str) -> str:
    """Which release answers; nothing where none does."""
    return str(told(url).get("version", ""))


class Row:
    """Answers of an address that are all as they should be; another one begins it anew."""

    def __init__(self, url: str, good: Callable[[str], bool]) -> None:
        self._url, self._good = url, good
        self._length = 0
        self.began = 0.0
        """When the first of them was asked for, by `time.perf_counter`."""

    def complete(self, count: int) -> bool:
        """One more look; true once there are so many."""
        asked = time.perf_counter()
        self._length = self._length + 1 if self._good(version(self._url)) else 0
        self.began = asked if self._length == 1 else self.began
        return self._length >= count
