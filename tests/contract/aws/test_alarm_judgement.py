"""What CloudWatch makes of what was put: statistics, comparisons, missing data, dimensions and units."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.alarms import HOUR, declare, put, state
from tests.support.aws_daemon import Aws, running
from tests.support.waiting import eventually


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """A local AWS whose clock only these tests move."""
    with running(tmp_path_factory.mktemp("moving")) as aws:
        yield aws


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
