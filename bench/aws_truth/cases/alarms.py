"""What CloudWatch and SNS refuse of alarms, data, topics, subscriptions and messages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case

ALARM: dict[str, Any] = {
    "Namespace": "truth",
    "MetricName": "Backups",
    "Statistic": "Sum",
    "Period": 3600,
    "EvaluationPeriods": 26,
    "ComparisonOperator": "LessThanThreshold",
    "Threshold": 1.0,
    "TreatMissingData": "breaching",
}
TOPIC = "arn:aws:sns:eu-central-1:123456789012:truth"


def _alarm(says: str, code: str | None = None, without: str = "", **changes: Any) -> Case:
    def prepare(account: Account) -> Attempt:
        said = {"AlarmName": account.name("alarm"), **ALARM, **changes}
        said.pop(without, None)
        return lambda: account.admin("cloudwatch").put_metric_alarm(**said)

    return Case(f"an alarm {says}", prepare, code)


def _data(says: str, code: str | None = None, namespace: str = "truth", **changes: Any) -> Case:
    def prepare(account: Account) -> Attempt:
        datum = {"MetricName": "Backups", "Value": 1.0, **changes}
        return lambda: account.admin("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[datum])

    return Case(f"data {says}", prepare, code)


def _state(says: str, code: str | None = None, name: str = "", **changes: Any) -> Case:
    def prepare(account: Account) -> Attempt:
        cloudwatch, made = account.admin("cloudwatch"), account.name("alarm")
        cloudwatch.put_metric_alarm(AlarmName=made, **ALARM)
        said = {"AlarmName": name or made, "StateValue": "ALARM", "StateReason": "tried", **changes}
        return lambda: cloudwatch.set_alarm_state(**said)

    return Case(f"setting the state of an alarm {says}", prepare, code)


def _topic(says: str, name: str, code: str | None = None, **attributes: str) -> Case:
    return Case(
        f"a topic {says}",
        lambda account: lambda: account.admin("sns").create_topic(Name=name, Attributes=attributes),
        code,
    )


def _subscribe(says: str, protocol: str, endpoint: str, code: str | None = None, topic: str = "") -> Case:
    def prepare(account: Account) -> Attempt:
        sns = account.admin("sns")
        arn = topic or sns.create_topic(Name=account.name("topic"))["TopicArn"]
        return lambda: sns.subscribe(TopicArn=arn, Protocol=protocol, Endpoint=endpoint)

    return Case(f"subscribing {says}", prepare, code)


def _publish(says: str, code: str | None = None, **said: Any) -> Case:
    def prepare(account: Account) -> Attempt:
        sns = account.admin("sns")
        topic = sns.create_topic(Name=account.name("topic"))["TopicArn"]
        return lambda: sns.publish(**{"TopicArn": topic, "Message": "text", **said})

    return Case(f"publishing {says}", prepare, code)


def _ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


def _unsubscribe_pending(account: Account) -> Attempt:
    sns = account.admin("sns")
    topic = sns.create_topic(Name=account.name("topic"))["TopicArn"]
    asked = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@b.test", ReturnSubscriptionArn=True)
    return lambda: sns.unsubscribe(SubscriptionArn=asked["SubscriptionArn"])


CASES = [
    _alarm("as the program declares it"),
    _alarm("with an operator Foo", "ValidationError", ComparisonOperator="Foo"),
    _alarm("with a statistic Foo", "ValidationError", Statistic="Foo"),
    _alarm("with no statistic", "ValidationError", without="Statistic"),
    _alarm("with two statistics", "ValidationError", ExtendedStatistic="p99"),
    _alarm("on a percentile", without="Statistic", ExtendedStatistic="p99.9"),
    _alarm("on a percentile over 100", "InvalidParameterValue", without="Statistic", ExtendedStatistic="p101"),
    _alarm("with a period of 45 seconds", "ValidationError", Period=45),
    _alarm("with a period of 90 seconds", "ValidationError", Period=90),
    _alarm("over more than seven days", "ValidationError", EvaluationPeriods=169),
    _alarm("over seven days", EvaluationPeriods=168),
    _alarm("over more than a day of minutes", "ValidationError", Period=60, EvaluationPeriods=1441),
    _alarm("with more datapoints than periods", "ValidationError", DatapointsToAlarm=27),
    _alarm("with missing data as Foo", "ValidationError", TreatMissingData="Foo"),
    _alarm("with a unit Foo", "ValidationError", Unit="Foo"),
    _alarm("with a unit of bytes a second", Unit="Kilobytes/Second"),
    _alarm("with no threshold", "ValidationError", without="Threshold"),
    _alarm("with no metric", "ValidationError", without="MetricName"),
    _alarm("with a name of 256 letters", "ValidationError", AlarmName="a" * 256),
    _alarm("with a description of 1,025 letters", "ValidationError", AlarmDescription="a" * 1025),
    _alarm("with an action that is no ARN", "ValidationError", AlarmActions=["topic"]),
    _alarm("with an action on a topic", AlarmActions=[TOPIC]),
    _alarm("with a topic of another region", "ValidationError", AlarmActions=[TOPIC.replace("central", "west")]),
    _alarm("with six actions", "ValidationError", AlarmActions=[f"{TOPIC}-{number}" for number in range(6)]),
    _data("of now"),
    _data("of thirteen days ago", Timestamp=_ago(days=13)),
    _data("of fifteen days ago", "InvalidParameterValue", Timestamp=_ago(days=15)),
    _data("of in three hours", "InvalidParameterValue", Timestamp=_ago(hours=-3)),
    _data("in a namespace of AWS's own", "InvalidParameterValue", namespace="AWS/S3"),
    _data("in a unit Foo", "ValidationError", Unit="Foo"),
    _state("to ALARM"),
    _state("to Foo", "ValidationError", StateValue="Foo"),
    _state("with reasons that are no JSON", "InvalidFormat", StateReasonData="{"),
    _state("that is not there", "ResourceNotFound", name="nobody"),
    _topic("with a good name", "good-name"),
    _topic("with a space in its name", "bad name", "InvalidParameter"),
    _topic("with a name of 257 letters", "a" * 257, "InvalidParameter"),
    _subscribe("a mail address", "email", "ops@example.com"),
    _subscribe("what is no mail address", "email", "ops", "InvalidParameter"),
    _subscribe("a web address", "https", "https://example.com/hook"),
    _subscribe("a web address of the other protocol", "https", "http://example.com/hook", "InvalidParameter"),
    _subscribe("by a protocol Foo", "foo", "bar", "InvalidParameter"),
    _subscribe("to a topic that is not there", "email", "ops@example.com", "NotFound", topic=f"{TOPIC}-nobody"),
    _publish("a text"),
    _publish("to a topic that is not there", "NotFound", TopicArn=f"{TOPIC}-nobody"),
    _publish("an empty text", "InvalidParameter", Message=""),
    _publish("a text of more than 256 KiB", "InvalidParameter", Message="a" * 262_145),
    _publish("a text of 256 KiB", Message="a" * 262_144),
    _publish(
        "a text and an attribute of more than 256 KiB together",
        "InvalidParameter",
        Message="a" * 262_140,
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "a"}},
    ),
    _publish("with a subject of 100 letters", Subject="a" * 100),
    _publish("with a subject of 101 letters", "InvalidParameter", Subject="a" * 101),
    _publish("with a subject of two lines", "InvalidParameter", Subject="a\nb"),
    _publish("with a subject beyond ASCII", "InvalidParameter", Subject="Prüfung"),
    _publish(
        "texts with none by default", "InvalidParameter", Message=json.dumps({"email": "a"}), MessageStructure="json"
    ),
    _publish("texts that are no JSON", "InvalidParameter", Message="{", MessageStructure="json"),
    Case("ending a subscription that waits", _unsubscribe_pending, "InvalidParameter"),
]
