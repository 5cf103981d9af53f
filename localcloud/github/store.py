"""What this GitHub knows, in one file, and what every handler needs: records, the lock, Git and who listens."""

from __future__ import annotations

import base64
import os
import threading
from datetime import datetime
from functools import cache
from typing import ClassVar

from localcloud.github.events import Events
from localcloud.machine import clock
from localcloud.machine.paths import folder
from localcloud.machine.ports import HOST, port
from localcloud.render.api.store import Frozen, Record, Store

__all__ = ["Counter", "Frozen", "GitHub", "Record", "now", "stamp"]

FORMAT = 1  # of the records in the file: one more with every change that older files do not fit


class Counter(Record):
    """The last number that was given to a kind of thing: pull requests and issues count together, by repository."""

    kind: ClassVar[str] = "counter"

    value: int


class GitHub:
    """All of it. Whoever reads or changes holds `lock`; the routes' callers do already."""

    def __init__(self) -> None:
        self.store = Store(folder("github") / "github.sqlite", FORMAT)
        self.lock = threading.RLock()
        self.events = Events()

    def number(self, what: str) -> int:
        """The next number of that kind, from 1."""
        last = self.store.get(Counter, what)
        return self.store.put(Counter(id=what, value=(last.value if last else 0) + 1)).value


def api_url() -> str:
    """GITHUB_API_URL."""
    return _api_url(os.environ.get("SLIPWAY_ROOT", ""))


@cache
def _api_url(root: str) -> str:
    """Every document has it many times, and to look the port up takes a lock."""
    return f"http://{HOST}:{port('github')}"


def now() -> str:
    """This moment as GitHub writes it."""
    return stamp(clock.now())


def stamp(moment: datetime) -> str:
    """A moment as GitHub writes it: whole seconds in UTC."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def node_id(prefix: str, number: int) -> str:
    """What GraphQL calls a thing; opaque to clients."""
    return f"{prefix}_{base64.urlsafe_b64encode(number.to_bytes(9, 'big')).decode()}"
