"""Alarms as the tests declare them, what they are put, and what comes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.support.aws_daemon import Aws

HOUR = 3600


def inbox(aws: Aws, *words: str) -> Any:
    """What `local inbox` says."""
    command = [sys.executable, "-m", "localcloud", "inbox", *words, "--json"]
    done = subprocess.run(command, env={"SLIPWAY_ROOT": str(aws.root)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def declare(aws: Aws, name: str, **changes: Any) -> str:
    """An alarm "no backup for 26 hours" as the program declares it, on a metric of its own."""
    said = {
        "AlarmName": name,
        "AlarmDescription": "No backup was finished for 26 hours",
        "Namespace": "cams",
        "MetricName": f"Backup-{name}",
        "Dimensions": [{"Name": "Environment", "Value": "staging"}],
        "Statistic": "Sum",
        "Period": HOUR,
        "EvaluationPeriods": 26,
        "DatapointsToAlarm": 26,
        "ComparisonOperator": "LessThanThreshold",
        "Threshold": 1.0,
        "TreatMissingData": "breaching",
    }
    aws.client("cloudwatch").put_metric_alarm(**{**said, **changes})
    return name


def put(aws: Aws, name: str, value: float = 1.0, environment: str = "staging", **more: Any) -> None:
    """Report to that alarm's metric."""
    datum = {"MetricName": f"Backup-{name}", "Dimensions": [{"Name": "Environment", "Value": environment}]}
    aws.client("cloudwatch").put_metric_data(Namespace="cams", MetricData=[{**datum, "Value": value, **more}])


def state(aws: Aws, name: str) -> str:
    """The state that the alarm is in."""
    [alarm] = aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(alarm["StateValue"])


def history(cloudwatch: Any, name: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = cloudwatch.describe_alarm_history(AlarmName=name, ScanBy="TimestampAscending")[
        "AlarmHistoryItems"
    ]
    return items
