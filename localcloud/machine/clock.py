"""The local cloud's clock, which both clouds follow: schedules, lifecycles, locks, tokens and alarms."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The local cloud's time, in UTC."""
    return datetime.now(UTC)
