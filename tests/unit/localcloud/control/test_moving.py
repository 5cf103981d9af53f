"""Moving the clock: from one thing that is due to the next, at each one's own time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from localcloud.control.moving import move
from localcloud.machine import clock
from localcloud.machine.due import Happening


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local cloud of its own."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))


class Daily:
    """A Render with a job that is due each day at three, and no AWS."""

    def __init__(self) -> None:
        self.ran: list[datetime] = []
        self.due = _next(datetime.now(UTC))

    def __call__(self, daemon: str, method: str, path: str) -> Any:
        if daemon == "aws":
            return None
        if method == "GET":
            return {"at": self.due.isoformat()}
        if clock.now() < self.due:
            return []
        self.ran.append(clock.now())
        self.due = _next(clock.now())
        return [{"at": self.ran[-1].isoformat(), "what": "cron run", "name": "daily", "outcome": "done"}]


def _next(moment: datetime) -> datetime:
    three = moment.replace(hour=3, minute=0, second=0, microsecond=0)
    return three if three > moment else three + timedelta(days=1)


def test_each_thing_happens_at_its_own_time() -> None:
    """In thirty days a daily job runs thirty times, each time at three, and is told each time."""
    daily, told = Daily(), list[Happening]()
    aim = clock.now() + timedelta(days=30)

    move(aim, told.append, daily)

    assert len(daily.ran) == len(told) == 30
    assert {moment.hour for moment in daily.ran} == {3}
    assert len({moment.date() for moment in daily.ran}) == 30
    assert clock.now() >= aim


def test_interrupted_the_clock_stands_where_it_was() -> None:
    """Everything before has happened, and what is left happens when it is moved on."""
    daily, told = Daily(), list[Happening]()
    aim = clock.now() + timedelta(days=10)

    def stop_at_the_third(one: Happening) -> None:
        told.append(one)
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(aim, stop_at_the_third, daily)
    assert clock.now() - daily.ran[-1] < timedelta(minutes=1)

    move(aim, told.append, daily)

    assert len(daily.ran) == len(told) == 10
