"""When an alarm is evaluated, on what, and when it may next change its state."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from localcloud.aws.services.cloudwatch.judgement import Judgement, Rule, judge
from localcloud.aws.services.cloudwatch.statistics import MINUTE, measured, periods

# CloudWatch looks further back than the alarm's periods, for data that came late. How far it does not say; its
# examples have two periods more. A period of hours is not late, and an alarm should ring after the hours declared.
LATE = 2
LONG = timedelta(hours=1)


def boundary(now: datetime) -> datetime:
    """The last full minute: alarms are evaluated each minute, on what was put before it."""
    return now.astimezone(UTC).replace(second=0, microsecond=0)


def rule_of(alarm: Any) -> Rule:
    """What the alarm declares."""
    return Rule(
        alarm.comparison_operator,
        float(alarm.threshold),
        alarm.evaluation_periods,
        alarm.datapoints_to_alarm or alarm.evaluation_periods,
        alarm.treat_missing_data or "missing",
    )


def evaluate(alarm: Any, data: Sequence[Any], end: datetime) -> Judgement:
    """Judge the alarm at the end of a minute."""
    found = periods(alarm, measured(alarm, data), end, _range(alarm))
    return judge(rule_of(alarm), found, alarm.state_value)


def next_change(alarm: Any, data: Sequence[Any], now: datetime) -> datetime | None:
    """The first minute after `now` at which another judgement is possible: something enters a period or leaves it."""
    length, moments = timedelta(seconds=alarm.period), set[datetime]()
    for moment, _ in measured(alarm, data):
        moments |= {moment + number * length + MINUTE for number in range(_range(alarm) + 1)}
    return min((moment for moment in moments if moment > now), default=None)


def reason_data(alarm: Any, judgement: Judgement, now: datetime) -> str:
    """The reason for programs, as CloudWatch writes it."""
    newest = judgement.datapoints[0][0] if judgement.datapoints else None
    said: dict[str, Any] = {
        "version": "1.0",
        "queryDate": _stamp(now),
        **({"startDate": _stamp(judgement.datapoints[-1][0])} if newest else {}),
        **({"unit": alarm.unit} if alarm.unit else {}),
        "statistic": alarm.extended_statistic or alarm.statistic,
        "period": alarm.period,
        "recentDatapoints": [value for _, value in reversed(judgement.datapoints)],
        "threshold": float(alarm.threshold),
        "evaluatedDatapoints": [{"timestamp": _stamp(at), "value": value} for at, value in judgement.datapoints],
    }
    return json.dumps(said)


def _range(alarm: Any) -> int:
    late = LATE if timedelta(seconds=alarm.period) < LONG else 0
    return int(alarm.evaluation_periods) + late


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"
