"""What became of each request."""

from __future__ import annotations

import base64
import csv
import itertools
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

SECOND = 1e9  # vegeta counts nanoseconds
LONG = "/bench/"  # below it is what takes its time


@dataclass
class Answers:
    """All of one run."""

    served: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    """By what was asked, and what happened instead: an answer that is no 2xx, or none, or of an upload cut short."""
    latencies: list[float] = field(default_factory=list)
    """Seconds, shortest first, of the quick requests that were served."""
    long: Counter[str] = field(default_factory=Counter)
    """The others that were served, by their path."""
    _ends: list[float] = field(default_factory=list)

    def take(self, table: Path, digest: str) -> None:
        """Read vegeta's table. https://github.com/tsenart/vegeta#encode-command"""
        csv.field_size_limit(2**31 - 1)
        with table.open(newline="") as file:
            for began, code, latency, _, _, error, body, _, _, _, url, *_ in csv.reader(file):
                path = urlsplit(url).path
                whole = path != f"{LONG}upload/" or digest.encode() in base64.b64decode(body)
                if not code.startswith("2") or not whole:
                    self.lost[f"{path}: {code} {error or ('' if whole else 'cut short')}".rstrip()] += 1
                    continue
                self.served += 1
                if path.startswith(LONG):
                    self.long[path] += 1
                else:
                    self.latencies.append(int(latency) / SECOND)
                    self._ends.append((int(began) + int(latency)) / SECOND)
        self.latencies.sort()
        self._ends.sort()

    @property
    def total(self) -> int:
        """How many there were."""
        return self.served + self.lost.total()

    def latency(self, share: float) -> float:
        """Seconds within which that share of the quick requests were served."""
        if not self.latencies:
            return 0.0
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]

    def gap(self, began: float = 0, ended: float = float("inf")) -> float:
        """Seconds: the longest time in which no quick request was served, between two times of the clock."""
        pairs = itertools.pairwise(self._ends)
        return max((later - one for one, later in pairs if later > began and one < ended), default=0.0)
