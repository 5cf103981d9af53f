"""A release that is live and has not shown what it has to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from render_provider.provider.probe import Answer, shortened


@dataclass(frozen=True)
class Failed:
    """One request and what came back."""

    url: str
    answer: Answer | None

    def __str__(self) -> str:
        if self.answer is None:
            return f"GET {self.url}: no answer"
        body = shortened(self.answer.text)
        return f"GET {self.url}: {self.answer}" + (f": {body}" if body else "")


class GateError(Exception):
    """Why a release is refused, the requests that failed, and its last lines where those are known already."""

    def __init__(self, why: str, requests: Sequence[Failed] = (), lines: Sequence[str] | None = None) -> None:
        super().__init__(why)
        self.requests = list(requests)
        self.lines = lines
