"""When a schedule of five fields comes next: for what is told to people; Render keeps the schedule."""

from __future__ import annotations

from datetime import datetime, timedelta

FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
FAR = 366 * 24 * 60


def after(schedule: str, now: datetime) -> datetime | None:
    """The next time; None where there is none within a year."""
    minutes, hours, days, months, weekdays = (
        _values(text, *bounds) for text, bounds in zip(schedule.split(), FIELDS, strict=True)
    )
    _, _, day, _, weekday = schedule.split()
    at = now.replace(second=0, microsecond=0)
    for _ in range(FAR):
        at += timedelta(minutes=1)
        if at.minute in minutes and at.hour in hours and at.month in months:
            named, of_week = at.day in days, bool({at.isoweekday(), at.isoweekday() % 7} & weekdays)
            # As cron has it: where both are restricted, either will do.
            if (named or of_week) if "*" not in {day, weekday} else (named and of_week):
                return at
    return None


def _values(text: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("", "", "") if span == "*" else span.partition("-")
        start = int(first or low)
        end = int(last) if last else start if first and not step else high
        found.update(range(start, end + 1, int(step or 1)))
    return found
