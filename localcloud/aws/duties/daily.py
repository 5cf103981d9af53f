"""What AWS does once a day, here at midnight in UTC."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Protocol

from localcloud.machine.due import Happening


class Daily(Protocol):
    """A duty of once a day. After a start of the daemon it is done at once: midnights may have passed meanwhile."""

    _done: datetime | None = None

    def has_work(self) -> bool:
        """Whether there is anything that could be due."""

    def work(self, now: datetime) -> list[Happening]:
        """Do what is due by now."""

    def next_due(self, now: datetime) -> datetime | None:
        """The next midnight."""
        return _midnight(now) + timedelta(days=1) if self.has_work() else None

    def carry_out(self, now: datetime) -> list[Happening]:
        """The day's work, once."""
        if self._done == _midnight(now) or not self.has_work():
            return []
        happened = self.work(now)
        self._done = _midnight(now)
        return happened


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.date(), time(tzinfo=now.tzinfo))
