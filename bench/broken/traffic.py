"""Requests on the way of a release: what each was answered, when, and by which version."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import requests

from infra.application import APPLICATION
from tests.support.repeated import Repeated

PATIENCE = 5.0  # seconds for one answer
THREADS = 2
KINDS = (("GET", APPLICATION.release), ("GET", "/api/exams/?limit=5"), ("POST", "/api/exams/"))
EXAM = {"title": "Asked while a release is broken"}


@dataclass(frozen=True)
class Asked:
    """One request: when it began and ended, whether it was served, and which version answered, where that is told."""

    began: float
    at: float
    served: bool
    version: str
    told: str


class Traffic(Repeated):
    """A page, the API and a change, in turn and without end. One without an answer, or with an error, is lost."""

    def __init__(self, url: str, version: str) -> None:
        super().__init__(self._asker() for _ in range(THREADS))
        self.asked: list[Asked] = []
        self._url, self._version = url, version

    @property
    def lost(self) -> int:
        """How many were not served."""
        return sum(not one.served for one in list(self.asked))

    @property
    def troubled(self) -> float:
        """Seconds from the first request that was not served well by the release before, to the last."""
        bad = [one for one in list(self.asked) if not one.served or self._strange(one)]
        return max(one.at for one in bad) - min(one.began for one in bad) if bad else 0.0

    def told(self) -> str:
        """How requests were lost, by kind."""
        lost = Counter(one.told for one in list(self.asked) if not one.served)
        return "".join(f"\nlost: {count} times {what}" for what, count in lost.most_common())

    def _strange(self, one: Asked) -> bool:
        return bool(one.version) and one.version != self._version

    def _asker(self) -> Callable[[], None]:
        session, kinds = requests.Session(), itertools.cycle(KINDS)
        return lambda: self.asked.append(self._answer(session, *next(kinds)))

    def _answer(self, session: requests.Session, method: str, path: str) -> Asked:
        began = time.monotonic()
        try:
            answer = session.request(
                method, self._url + path, json=EXAM if method == "POST" else None, timeout=PATIENCE
            )
        except requests.RequestException as error:
            return Asked(began, time.monotonic(), False, "", f"{method} {path}: {type(error).__name__}")
        version = answer.json().get("version", "") if path == APPLICATION.release and answer.ok else ""
        return Asked(began, time.monotonic(), answer.ok, version, f"{method} {path}: {answer.status_code}")
