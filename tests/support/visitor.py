"""A browser that opens the page again and again, each time with everything that it names."""

from __future__ import annotations

import re
from collections import Counter

import requests

from tests.support.repeated import Repeated
from tests.support.waiting import eventually

ASSET = re.compile(r'"(/assets/[^"]+)"')


class Visitor(Repeated):
    """Counts what it was answered, the page and its assets alike, and remembers the assets."""

    def __init__(self, url: str) -> None:
        super().__init__([self._visit], pause=0)
        self.answers: Counter[str] = Counter()
        self.scripts: list[str] = []
        """Those that the page has named, each once, in the order of their releases."""
        self._url = url.rstrip("/")

    def more(self, visits: int) -> None:
        """Go on until there were that many more answers."""
        enough = self.answers.total() + visits
        eventually(lambda: self.answers.total() >= enough, f"{visits} more answers")

    def _visit(self) -> None:
        for path in assets(self._ask("/")):
            self._ask(path)
            if path.endswith(".js") and path not in self.scripts:
                self.scripts.append(path)

    def _ask(self, path: str) -> str:
        try:
            answer = requests.get(f"{self._url}{path}", timeout=30)
        except requests.RequestException as problem:
            self.answers[type(problem).__name__] += 1
            return ""
        self.answers[str(answer.status_code)] += 1
        return answer.text


def assets(page: str) -> list[str]:
    """The paths of what a page names."""
    return ASSET.findall(page)
