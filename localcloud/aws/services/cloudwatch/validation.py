"""What CloudWatch refuses in an alarm and in data, in its words.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from localcloud.aws.replies import AwsError, same
from localcloud.aws.services.cloudwatch.judgement import OPERATORS
from localcloud.machine import clock

STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
MISSING = ("breaching", "notBreaching", "ignore", "missing")
LONGEST_NAME, LONGEST_DESCRIPTION, MOST_ACTIONS, MOST_DIMENSIONS = 255, 1024, 5, 30
DAY, HOUR = 86_400, 3600
OLDEST, NEWEST = timedelta(days=14), timedelta(hours=2)
_PERCENTILE = re.compile(r"p(\d{1,2}(\.\d{1,10})?|100)")
_BANDS = ("LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold")
_AMOUNTS = [
    f"{scale}{unit}".capitalize() for scale in ("", "kilo", "mega", "giga", "tera") for unit in ("bytes", "bits")
]
_UNITS = {"Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "Count/Second", "None", *_AMOUNTS}
_UNITS |= {f"{amount}/Second" for amount in _AMOUNTS}


def check_alarm(region: str, said: dict[str, Any]) -> None:
    """Refuse what no alarm may say. AwsError, and NotImplementedError for what this cloud does not have."""
    _check_texts(said)
    for kind in ("alarm_actions", "ok_actions", "insufficient_data_actions"):
        _check_actions(region, said.get(kind) or [], kind)
    if said.get("rule") is not None:
        return
    if said.get("metric_data_queries") or said.get("threshold_metric_id") or said["comparison_operator"] in _BANDS:
        raise NotImplementedError("alarms on several metrics, on expressions and on anomalies: alarm on one metric")
    _check_choice("comparisonOperator", said["comparison_operator"], (*OPERATORS, *_BANDS))
    if not said.get("metric_name") or not said.get("namespace") or said.get("threshold") is None:
        raise _invalid("MetricName, Namespace and Threshold are required for an alarm on one metric")
    _check_statistic(said)
    _check_periods(said)
    if said.get("unit") is not None:
        _check_choice("unit", said["unit"], sorted(_UNITS))
    missing = said.get("treat_missing_data")
    if missing is not None and missing not in MISSING:
        options = "breaching, notBreaching, ignore, and missing"
        raise _invalid(
            f"Option {missing} is not supported. Supported options for parameter TreatMissingData are {options}."
        )


def check_data(data: Iterable[dict[str, Any]], namespace: str) -> None:
    """Refuse a namespace of AWS's own, and times that CloudWatch does not take."""
    if namespace.startswith("AWS/"):
        raise same("InvalidParameterValue", 400, "The value AWS/ for parameter Namespace is invalid.")
    now = clock.now()
    for number, datum in enumerate(data, start=1):
        name, at = f"MetricData.member.{number}", datum.get("Timestamp")
        if len(datum.get("Dimensions") or []) > MOST_DIMENSIONS:
            too_many = f"The parameter {name}.Dimensions has more than {MOST_DIMENSIONS}."
            raise same("InvalidParameterValue", 400, too_many)
        if datum.get("Unit") not in {None, *_UNITS}:
            raise _invalid(f"The parameter {name}.Unit must be a value in the set [{', '.join(sorted(_UNITS))}].")
        if isinstance(at, datetime):
            aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at
            if aware < now - OLDEST:
                when = "no more than two weeks in the past"
            elif aware > now + NEWEST:
                when = "no more than two hours in the future"
            else:
                continue
            raise same("InvalidParameterValue", 400, f"The parameter {name}.Timestamp must specify a time {when}.")


def _check_texts(said: dict[str, Any]) -> None:
    for name, value, longest in (
        ("alarmName", said["name"], LONGEST_NAME),
        ("alarmDescription", said.get("description") or "", LONGEST_DESCRIPTION),
    ):
        if len(value) > longest:
            raise _constraint(name, value, f"Member must have length less than or equal to {longest}")
    if len(said.get("dimensions") or []) > MOST_DIMENSIONS:
        raise _constraint("dimensions", "...", f"Member must have length less than or equal to {MOST_DIMENSIONS}")


def _check_actions(region: str, actions: list[str], kind: str) -> None:
    if len(actions) > MOST_ACTIONS:
        raise _constraint(kind, actions, f"Member must have length less than or equal to {MOST_ACTIONS}")
    for action in actions:
        parts = action.split(":")
        if len(parts) < 6 or parts[0] != "arn":
            raise _invalid(f"Invalid arn syntax: {action}")
        if parts[2] == "sns" and parts[3] != region:
            raise _invalid(f"Invalid region {parts[3]} specified. Only {region} is supported.")


def _check_statistic(said: dict[str, Any]) -> None:
    plain, extended = said.get("statistic"), said.get("extended_statistic")
    if (plain is None) == (extended is None):
        raise _invalid("Exactly one of Statistic and ExtendedStatistic must be specified")
    if plain is not None:
        _check_choice("statistic", plain, STATISTICS)
    elif not _PERCENTILE.fullmatch(extended or ""):
        if re.fullmatch(r"(tm|wm|tc|ts|pr|iqm).*|TM.*|WM.*|TC.*|TS.*|PR.*|IQM", extended or ""):
            raise NotImplementedError(f"the statistic {extended}: percentiles such as p99.9 are there")
        raise same(
            "InvalidParameterValue", 400, f"The value {extended} for parameter ExtendedStatistic is not supported."
        )


def _check_periods(said: dict[str, Any]) -> None:
    period, periods, needed = said.get("period"), said["evaluation_periods"], said.get("datapoints_to_alarm")
    if period is None or (period not in {10, 20, 30} and period % 60) or period < 10:
        raise _invalid("Period must be 10, 20, 30 or a multiple of 60")
    if period < 60:
        raise NotImplementedError("alarms on periods of less than a minute")
    if periods < 1:
        raise _constraint("evaluationPeriods", periods, "Member must have value greater than or equal to 1")
    if needed is not None and not 1 <= needed <= periods:
        raise _invalid("DatapointsToAlarm must be between 1 and EvaluationPeriods")
    longest = 7 * DAY if period >= HOUR else DAY
    if period * periods > longest:
        days = "seven days" if longest > DAY else "a day"
        raise _invalid(
            f"Metrics cannot be checked across more than {days} (EvaluationPeriods * Period must be <= {longest})."
        )


def _check_choice(name: str, value: str | None, choices: Sequence[str]) -> None:
    if value not in choices:
        raise _constraint(name, value, f"Member must satisfy enum value set: [{', '.join(choices)}]")


def _constraint(name: str, value: object, constraint: str) -> AwsError:
    failed = f"Value '{value}' at '{name}' failed to satisfy constraint: {constraint}"
    return _invalid(f"1 validation error detected: {failed}")


def _invalid(message: str) -> AwsError:
    return same("ValidationError", 400, message)
