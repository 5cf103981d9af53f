"""Requests sent in a loop while something else happens."""

from __future__ import annotations

import threading
import time
from collections import Counter
from types import TracebackType
from typing import Self

import requests

from tests.support.waiting import eventually

PAUSE = 0.03
THREADS = 3


class Steady:
    """Asks an address again and again, over kept connections and over new ones, and counts what it is answered."""

    def __init__(self, url: str) -> None:
        self.answers: Counter[str] = Counter()
        self.versions: Counter[str] = Counter()
        self._url = url
        self._end = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask, args=(number % 2 == 0,)) for number in range(THREADS)]

    @property
    def count(self) -> int:
        """How many answers, or failures to get one, there were so far."""
        return self.answers.total()

    def more(self, answers: int) -> None:
        """Go on until there are that many more."""
        enough = self.count + answers
        eventually(lambda: self.count >= enough, f"{answers} more answers")

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, keep: bool) -> None:
        session = requests.Session()
        while not self._end.is_set():
            try:
                answer = (session if keep else requests).get(self._url, timeout=30)
                told, version = str(answer.status_code), answer.json()["version"] if answer.ok else ""
            except requests.RequestException as problem:
                told, version = type(problem).__name__, ""
            with self._lock:
                self.answers[told] += 1
                self.versions[version] += 1
            time.sleep(PAUSE)
