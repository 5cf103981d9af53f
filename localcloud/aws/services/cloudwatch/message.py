"""What CloudWatch publishes of an alarm that has changed its state.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

from botocore.loaders import Loader


def subject(alarm: Any) -> str:
    """`ALARM: "name" in EU (Frankfurt)`, no longer than a subject may be."""
    return f'{alarm.state_value}: "{alarm.name}" in {_place(alarm.region_name)}'[:100]


def message(alarm: Any, account: str, before: str, now: datetime) -> str:
    """The message, in JSON."""
    said: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": account,
        "AlarmConfigurationUpdatedTimestamp": _stamp(alarm.configuration_updated_timestamp),
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": _stamp(now),
        "Region": _place(alarm.region_name),
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
    }
    said |= {"AlarmRule": alarm.rule} if alarm.rule else {"Trigger": _trigger(alarm)}
    return json.dumps(said)


def _trigger(alarm: Any) -> dict[str, Any]:
    extended = alarm.extended_statistic
    kind = (
        {"StatisticType": "ExtendedStatistic", "ExtendedStatistic": extended}
        if extended
        else {
            "StatisticType": "Statistic",
            "Statistic": alarm.statistic.upper(),
        }
    )
    return {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        **kind,
        "Unit": alarm.unit,
        "Dimensions": [{"value": each.value, "name": each.name} for each in alarm.dimensions],
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
        **({"DatapointsToAlarm": alarm.datapoints_to_alarm} if alarm.datapoints_to_alarm else {}),
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": float(alarm.threshold),
        "TreatMissingData": alarm.treat_missing_data or "missing",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"


@cache
def _place(region: str) -> str:
    """The region as CloudWatch calls it to people, which still says EU."""
    for partition in Loader().load_data("endpoints")["partitions"]:
        if region in partition["regions"]:
            return str(partition["regions"][region]["description"]).replace("Europe", "EU")
    return region
