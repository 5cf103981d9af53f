"""Requests sent in a loop while something else happens."""

from __future__ import annotations

import threading
from collections import Counter
from functools import partial
from typing import Any

import requests

from tests.support.repeated import Repeated
from tests.support.waiting import eventually


class Steady(Repeated):
    """Asks an address again and again, over kept connections and over new ones, and counts what it is answered."""

    def __init__(self, url: str) -> None:
        connections = (requests.Session(), requests, requests.Session())
        super().__init__(partial(self._ask, one) for one in connections)
        self.answers: Counter[str] = Counter()
        self.versions: Counter[str] = Counter()
        self._url = url
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many answers, or failures to get one, there were so far."""
        return self.answers.total()

    def more(self, answers: int) -> None:
        """Go on until there are that many more."""
        enough = self.count + answers
        eventually(lambda: self.count >= enough, f"{answers} more answers")

    def _ask(self, connections: Any) -> None:
        try:
            answer = connections.get(self._url, timeout=30)
            told, version = str(answer.status_code), answer.json()["version"] if answer.ok else ""
        except requests.RequestException as problem:
            told, version = type(problem).__name__, ""
        with self._lock:
            self.answers[told] += 1
            self.versions[version] += 1
