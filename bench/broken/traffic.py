"""Requests on the way of a release: what each was answered, when, and by which version."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import requests

PAUSE = 0.05
PATIENCE = 5.0  # seconds for one answer
THREADS = 2
EXAM = {"title": "Asked while a release is broken"}


@dataclass(frozen=True)
class Asked:
    """One request: when it ended, whether it was served, and which version answered, where that is told."""

    at: float
    served: bool
    version: str
    told: str


class Traffic:
    """A page, the API and a change, in turn and without end. One without an answer, or with an error, is lost."""

    def __init__(self, url: str) -> None:
        self.asked: list[Asked] = []
        self._url = url
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(THREADS)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(2 * PATIENCE)

    @property
    def lost(self) -> int:
        """How many were not served."""
        return sum(not one.served for one in list(self.asked))

    def troubled(self, version: str) -> float:
        """Seconds from the first answer that did not come well from `version` to the last."""
        bad = [one.at for one in list(self.asked) if not one.served or (one.version and one.version != version)]
        return bad[-1] - bad[0] if bad else 0.0

    def _ask(self) -> None:
        session = requests.Session()
        kinds = itertools.cycle((self._health, self._list, self._create))
        while not self._end.is_set():
            self.asked.append(next(kinds)(session))
            time.sleep(PAUSE)

    def _health(self, session: requests.Session) -> Asked:
        return self._answer(session, "GET", "/api/health/")

    def _list(self, session: requests.Session) -> Asked:
        return self._answer(session, "GET", "/api/exams/?limit=5")

    def _create(self, session: requests.Session) -> Asked:
        return self._answer(session, "POST", "/api/exams/")

    def _answer(self, session: requests.Session, method: str, path: str) -> Asked:
        try:
            answer = session.request(
                method, self._url + path, json=EXAM if method == "POST" else None, timeout=PATIENCE
            )
        except requests.RequestException as error:
            return Asked(time.monotonic(), False, "", type(error).__name__)
        version = answer.json().get("version", "") if path == "/api/health/" and answer.ok else ""
        return Asked(time.monotonic(), answer.ok, version, f"{method} {path}: {answer.status_code}")
