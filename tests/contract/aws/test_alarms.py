"""Alarms live: evaluated on what was put, by the cloud's clock, and told to whoever has confirmed to hear."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.aws_daemon import Aws, refused, running
from tests.support.waiting import eventually

HOUR = 3600


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """A local AWS whose clock only these tests move."""
    with running(tmp_path_factory.mktemp("moving")) as aws:
        yield aws


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


def test_no_backup_rings_after_the_declared_hours_and_ends_with_a_backup(moving: Aws) -> None:
    """Not before; it reaches who has confirmed, as CloudWatch writes it, once; a backup ends it, and that is told."""
    sns, cloudwatch = moving.client("sns"), moving.client("cloudwatch")
    topic = sns.create_topic(Name="no-backup")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    requests.get(inbox(moving, "--to", "ops@example.com")[0]["link"], timeout=10).raise_for_status()
    declare(moving, "no-backup", AlarmActions=[topic], OKActions=[topic])
    put(moving, "no-backup")
    moving.move_clock("+2m")
    first = state(moving, "no-backup")

    moving.move_clock("+25h")
    before = state(moving, "no-backup")
    moved = moving.move_clock("+5h")
    after = state(moving, "no-backup")
    put(moving, "no-backup")
    moving.move_clock("+2m")

    assert (first, before, after, state(moving, "no-backup")) == ("OK", "OK", "ALARM", "OK")
    [rang] = [each for each in moved["happened"] if each["name"] == "no-backup"]
    assert rang["detail"] == "OK -> ALARM"
    alarm, fine = inbox(moving, "--to", "ops@example.com")[-2:]
    assert alarm["subject"] == 'ALARM: "no-backup" in EU (Frankfurt)'
    assert fine["subject"] == 'OK: "no-backup" in EU (Frankfurt)'
    said = json.loads(alarm["text"].partition("\n\n--\n")[0])
    assert (said["NewStateValue"], said["OldStateValue"], said["AWSAccountId"]) == ("ALARM", "OK", "123456789012")
    assert said["Trigger"]["Statistic"] == "SUM"
    assert said["Trigger"]["Dimensions"] == [{"value": "staging", "name": "Environment"}]
    assert said["NewStateReason"].endswith("26 missing datapoints were treated as [Breaching].")
    assert json.loads(fine["text"].partition("\n\n--\n")[0])["NewStateValue"] == "OK"
    kinds = [item["HistoryItemType"] for item in _history(cloudwatch, "no-backup")]
    assert kinds[-4:] == ["StateUpdate", "Action", "StateUpdate", "Action"]


def _history(cloudwatch: Any, name: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = cloudwatch.describe_alarm_history(AlarmName=name, ScanBy="TimestampAscending")[
        "AlarmHistoryItems"
    ]
    return items


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("breaching", "ALARM"),
        ("notBreaching", "OK"),
        ("missing", "INSUFFICIENT_DATA"),
        ("ignore", "INSUFFICIENT_DATA"),
    ],
)
def test_silence_is_what_the_alarm_declares_it_to_be(aws: Aws, missing: str, expected: str) -> None:
    """An alarm on a metric that nobody has put."""
    declare(aws, f"silent-{missing}", TreatMissingData=missing)

    eventually(lambda: state(aws, f"silent-{missing}") == expected)


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("GreaterThanThreshold", 5.0, "OK"),
        ("GreaterThanThreshold", 6.0, "ALARM"),
        ("GreaterThanOrEqualToThreshold", 5.0, "ALARM"),
        ("LessThanThreshold", 5.0, "OK"),
        ("LessThanOrEqualToThreshold", 5.0, "ALARM"),
    ],
)
def test_each_operator(moving: Aws, operator: str, value: float, expected: str) -> None:
    """Compared with a threshold of 5."""
    name = f"{operator}-{value}"
    declare(moving, name, ComparisonOperator=operator, Threshold=5.0, EvaluationPeriods=1, DatapointsToAlarm=1)
    put(moving, name, value)

    moving.move_clock("+1m")

    assert state(moving, name) == expected


@pytest.mark.parametrize(
    ("statistic", "threshold"),
    [
        ({"Statistic": "Sum"}, 109),
        ({"Statistic": "SampleCount"}, 4),
        ({"Statistic": "Average"}, 27.25),
        ({"Statistic": "Minimum"}, 2),
        ({"Statistic": "Maximum"}, 100),
        ({"ExtendedStatistic": "p50"}, 3.5),
    ],
)
def test_each_statistic(moving: Aws, statistic: dict[str, str], threshold: float) -> None:
    """Of 2, 3, 4 and 100, put in one period: exactly the threshold, which is not greater than it."""
    for operator, expected in (("GreaterThanThreshold", "OK"), ("GreaterThanOrEqualToThreshold", "ALARM")):
        name = f"{'-'.join(statistic.values())}-{expected}"
        said = {
            "ComparisonOperator": operator,
            "Threshold": threshold,
            "EvaluationPeriods": 1,
            "DatapointsToAlarm": 1,
        }
        moving.client("cloudwatch").put_metric_alarm(
            AlarmName=name, Namespace="cams", MetricName=f"Backup-{name}", Period=HOUR,
            Dimensions=[{"Name": "Environment", "Value": "staging"}], **said, **statistic,
        )  # fmt: skip
        for value in (2.0, 3.0, 4.0, 100.0):
            put(moving, name, value)
    moving.move_clock("+1m")

    assert state(moving, f"{'-'.join(statistic.values())}-OK") == "OK"
    assert state(moving, f"{'-'.join(statistic.values())}-ALARM") == "ALARM"


def test_dimensions_and_units_are_exact(moving: Aws) -> None:
    """What is put for another environment, or in another unit, is another metric's."""
    one = {"EvaluationPeriods": 1, "DatapointsToAlarm": 1, "TreatMissingData": "missing"}
    declare(moving, "exact", Unit="Count", **one)
    put(moving, "exact", 0, environment="prod", Unit="Count")
    put(moving, "exact", 0, Unit="Seconds")
    moving.move_clock("+1m")
    before = state(moving, "exact")

    put(moving, "exact", 0, Unit="Count")
    moving.move_clock("+1m")

    assert (before, state(moving, "exact")) == ("INSUFFICIENT_DATA", "ALARM")


def test_actions_that_are_switched_off_are_not_taken(moving: Aws) -> None:
    """The state changes, and nobody is told; `set-alarm-state` tells only of another state."""
    sns, cloudwatch = moving.client("sns"), moving.client("cloudwatch")
    topic = sns.create_topic(Name="quiet")["TopicArn"]
    declare(moving, "quiet", AlarmActions=[topic], TreatMissingData="ignore")
    told = {"AlarmName": "quiet", "StateValue": "ALARM", "StateReason": "tried"}

    cloudwatch.disable_alarm_actions(AlarmNames=["quiet"])
    cloudwatch.set_alarm_state(**told)
    cloudwatch.enable_alarm_actions(AlarmNames=["quiet"])
    cloudwatch.set_alarm_state(**told)
    cloudwatch.set_alarm_state(**{**told, "StateValue": "OK"})
    cloudwatch.set_alarm_state(**told)

    kinds = [item["HistoryItemType"] for item in _history(cloudwatch, "quiet")]
    assert kinds == ["ConfigurationUpdate", "StateUpdate", "StateUpdate", "StateUpdate", "Action"]


def test_an_action_on_a_topic_that_is_not_there_is_told_in_the_history(moving: Aws) -> None:
    """The alarm itself rings all the same."""
    cloudwatch = moving.client("cloudwatch")
    declare(
        moving, "nobody", AlarmActions=["arn:aws:sns:eu-central-1:123456789012:nobody"], TreatMissingData="ignore"
    )

    cloudwatch.set_alarm_state(AlarmName="nobody", StateValue="ALARM", StateReason="tried")

    last = _history(cloudwatch, "nobody")[-1]
    assert last["HistorySummary"].startswith("Failed to execute action arn:aws:sns:eu-central-1:123456789012:nobody.")
    assert json.loads(last["HistoryData"])["actionState"] == "Failed"


def test_an_alarm_that_is_changed_keeps_its_state(moving: Aws) -> None:
    """And its history, until the next evaluation finds another."""
    cloudwatch = moving.client("cloudwatch")
    declare(moving, "kept", TreatMissingData="ignore")
    cloudwatch.set_alarm_state(AlarmName="kept", StateValue="ALARM", StateReason="tried")

    declare(moving, "kept", TreatMissingData="ignore", Threshold=2.0)

    assert state(moving, "kept") == "ALARM"
    assert len(_history(cloudwatch, "kept")) == 3


def test_an_alarm_made_of_others_follows_them(moving: Aws) -> None:
    """By a rule with and, not and parentheses; a rule that cannot be read is refused."""
    cloudwatch = moving.client("cloudwatch")
    for name in ("one", "two"):
        declare(moving, name, TreatMissingData="ignore")
    rule = 'ALARM("one") AND NOT (OK(two) OR INSUFFICIENT_DATA(two))'
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule=rule)

    def both() -> str:
        moving.move_clock("+1m")
        [alarm] = cloudwatch.describe_alarms(AlarmNames=["both"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
        return str(alarm["StateValue"])

    cloudwatch.set_alarm_state(AlarmName="one", StateValue="ALARM", StateReason="tried")
    half = both()
    cloudwatch.set_alarm_state(AlarmName="two", StateValue="ALARM", StateReason="tried")

    assert (half, both()) == ("OK", "ALARM")
    for wrong in ("ALARM(one", "ALARM(one) XOR OK(two)", 'ALARM("missing")', "AND"):
        refused("ValidationError", cloudwatch.put_composite_alarm, AlarmName="wrong", AlarmRule=wrong)


def test_an_alarm_outlives_a_restart(moving: Aws) -> None:
    """With its state, its history and its data."""
    cloudwatch = moving.client("cloudwatch")
    declare(moving, "restarted", TreatMissingData="ignore")
    cloudwatch.set_alarm_state(AlarmName="restarted", StateValue="ALARM", StateReason="tried")
    assert moving.terminate() == 0
    moving.start()

    assert state(moving, "restarted") == "ALARM"
    assert len(_history(moving.client("cloudwatch"), "restarted")) == 2
