"""The statistic of one period of a metric, of what was put in it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.cloudwatch.models import MetricAggregatedDatum

from localcloud.aws.services.cloudwatch.judgement import Datapoint

MINUTE = timedelta(minutes=1)


def minute(moment: datetime) -> datetime:
    """The minute that CloudWatch keeps a moment in."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.replace(second=0, microsecond=0)


def measured(alarm: Any, data: Sequence[Any]) -> list[tuple[datetime, Any]]:
    """What was put of the alarm's metric: its namespace, name and unit, exactly its dimensions."""
    wanted = sorted((each.name, each.value) for each in alarm.dimensions)
    return [
        (minute(datum.timestamp), datum)
        for datum in data
        if (datum.namespace, datum.name) == (alarm.namespace, alarm.metric_name)
        and alarm.unit in {None, datum.unit or "None"}
        and sorted((each.name, each.value) for each in datum.dimensions) == wanted
    ]


def periods(alarm: Any, data: Sequence[tuple[datetime, Any]], end: datetime, count: int) -> list[Datapoint | None]:
    """The alarm's statistic in the periods before `end`, the newest first; None where nothing was put."""
    length = timedelta(seconds=alarm.period)
    buckets: dict[int, list[Any]] = defaultdict(list)
    for moment, datum in data:
        if end - count * length <= moment < end:
            buckets[math.ceil((end - moment) / length) - 1].append(datum)
    of = statistic(alarm)
    return [
        (end - (number + 1) * length, of(buckets[number])) if number in buckets else None for number in range(count)
    ]


def statistic(alarm: Any) -> Callable[[Sequence[Any]], float]:
    """How the alarm makes one value of all that was put in a period."""
    if alarm.extended_statistic:
        share = float(alarm.extended_statistic[1:]) / 100
        return lambda data: percentile([each.value for each in data if hasattr(each, "value")], share)
    return _STATISTICS[alarm.statistic]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed, between two of them where it falls there."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def _count(data: Sequence[Any]) -> float:
    return float(sum(each.sample_count if isinstance(each, MetricAggregatedDatum) else 1 for each in data))


def _sum(data: Sequence[Any]) -> float:
    return float(sum(each.sum if isinstance(each, MetricAggregatedDatum) else each.value for each in data))


def _lowest(data: Sequence[Any]) -> float:
    return float(min(each.min if isinstance(each, MetricAggregatedDatum) else each.value for each in data))


def _highest(data: Sequence[Any]) -> float:
    return float(max(each.max if isinstance(each, MetricAggregatedDatum) else each.value for each in data))


_STATISTICS: dict[str, Callable[[Sequence[Any]], float]] = {
    "SampleCount": _count,
    "Sum": _sum,
    "Minimum": _lowest,
    "Maximum": _highest,
    "Average": lambda data: _sum(data) / _count(data),
}
