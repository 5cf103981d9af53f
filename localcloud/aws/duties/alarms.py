"""Alarms: evaluated at each full minute of the cloud's clock, on what was put."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from localcloud.aws.services.cloudwatch import composite
from localcloud.aws.services.cloudwatch.evaluation import boundary, evaluate, next_change, reason_data
from localcloud.aws.services.cloudwatch.statistics import MINUTE
from localcloud.aws.services.cloudwatch.transitions import change
from localcloud.aws.state import backends
from localcloud.machine.due import Happening


class Alarms:
    """All alarms of all regions."""

    def __init__(self) -> None:
        self._evaluated: dict[str, tuple[datetime, datetime]] = {}  # by ARN: at which minute, and as declared when

    def next_due(self, now: datetime) -> datetime | None:
        """The next minute at which some alarm may change."""
        moments = [
            next_change(alarm, backend.metric_data, now) if self._is_evaluated(alarm) else boundary(now) + MINUTE
            for _, backend, alarm in _alarms()
            if not alarm.rule
        ]
        return min((moment for moment in moments if moment), default=None)

    def carry_out(self, now: datetime) -> list[Happening]:
        """Evaluate each alarm whose minute has come, then those that are made of others."""
        happened, end = [], boundary(now)
        for account, backend, alarm in _alarms():
            if alarm.rule or self._evaluated.get(alarm.alarm_arn) == (end, alarm.configuration_updated_timestamp):
                continue
            self._evaluated[alarm.alarm_arn] = (end, alarm.configuration_updated_timestamp)
            before, judgement = alarm.state_value, evaluate(alarm, backend.metric_data, end)
            if judgement.state != before:
                data = reason_data(alarm, judgement, now)
                change(alarm, account, judgement.state, judgement.reason, data)
                happened.append(_told(alarm, before, now))
        for account, backend, alarm in _alarms():
            before = alarm.state_value
            if alarm.rule and composite.settle(alarm, backend.alarms, account):
                happened.append(_told(alarm, before, now))
        return happened

    def _is_evaluated(self, alarm: Any) -> bool:
        known = self._evaluated.get(alarm.alarm_arn)
        return known is not None and known[1] == alarm.configuration_updated_timestamp


def _told(alarm: Any, before: str, now: datetime) -> Happening:
    return Happening(now.astimezone(UTC).isoformat(), "alarm", alarm.name, "done", f"{before} -> {alarm.state_value}")


def _alarms() -> Iterator[tuple[str, Any, Any]]:
    for (account, _), backend in backends("cloudwatch").items():
        for alarm in list(backend.alarms.values()):
            yield account, backend, alarm
