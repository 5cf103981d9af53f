"""Alarms live: they ring by the cloud's clock, and tell whoever has confirmed to hear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.alarms import declare, history, inbox, put, state
from tests.support.aws_daemon import Aws, refused, running


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """A local AWS whose clock only these tests move."""
    with running(tmp_path_factory.mktemp("moving")) as aws:
        yield aws


@pytest.mark.parametrize(
    ("missing", "rings", "why"),
    [
        (
            "missing",
            "INSUFFICIENT_DATA",
            "Insufficient Data: 26 datapoints were unknown.",
        ),  # as the program declares it
        ("breaching", "ALARM", "26 missing datapoints were treated as [Breaching]."),
    ],
)
def test_no_backup_rings_after_the_declared_hours_and_ends_with_a_backup(
    moving: Aws, missing: str, rings: str, why: str
) -> None:
    """Not before; it reaches who has confirmed, as CloudWatch writes it, once; a backup ends it, and that is told."""
    name, who = f"no-backup-{missing}", f"{missing}@example.com"
    sns, cloudwatch = moving.client("sns"), moving.client("cloudwatch")
    topic = sns.create_topic(Name=name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=who)
    requests.get(inbox(moving, "--to", who)[0]["link"], timeout=10).raise_for_status()
    actions = {"AlarmActions": [topic], "OKActions": [topic], "InsufficientDataActions": [topic]}
    declare(moving, name, TreatMissingData=missing, **actions)
    put(moving, name)
    moving.move_clock("+2m")
    first = state(moving, name)

    moving.move_clock("+25h")
    before = state(moving, name)
    moved = moving.move_clock("+5h")
    after = state(moving, name)
    put(moving, name)
    moving.move_clock("+2m")

    assert (first, before, after, state(moving, name)) == ("OK", "OK", rings, "OK")
    [rang] = [each for each in moved["happened"] if each["name"] == name]
    assert rang["detail"] == f"OK -> {rings}"
    alarm, fine = inbox(moving, "--to", who)[-2:]
    assert alarm["subject"] == f'{rings}: "{name}" in EU (Frankfurt)'
    assert fine["subject"] == f'OK: "{name}" in EU (Frankfurt)'
    said = json.loads(alarm["text"].partition("\n\n--\n")[0])
    assert (said["NewStateValue"], said["OldStateValue"], said["AWSAccountId"]) == (rings, "OK", "123456789012")
    assert said["Trigger"]["Statistic"] == "SUM"
    assert said["Trigger"]["Dimensions"] == [{"value": "staging", "name": "Environment"}]
    assert said["NewStateReason"].endswith(why)
    assert json.loads(fine["text"].partition("\n\n--\n")[0])["NewStateValue"] == "OK"
    kinds = [item["HistoryItemType"] for item in history(cloudwatch, name)]
    assert kinds[-4:] == ["StateUpdate", "Action", "StateUpdate", "Action"]


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

    kinds = [item["HistoryItemType"] for item in history(cloudwatch, "quiet")]
    assert kinds == ["ConfigurationUpdate", "StateUpdate", "StateUpdate", "StateUpdate", "Action"]


def test_an_action_on_a_topic_that_is_not_there_is_told_in_thehistory(moving: Aws) -> None:
    """The alarm itself rings all the same."""
    cloudwatch = moving.client("cloudwatch")
    declare(
        moving, "nobody", AlarmActions=["arn:aws:sns:eu-central-1:123456789012:nobody"], TreatMissingData="ignore"
    )

    cloudwatch.set_alarm_state(AlarmName="nobody", StateValue="ALARM", StateReason="tried")

    last = history(cloudwatch, "nobody")[-1]
    assert last["HistorySummary"].startswith("Failed to execute action arn:aws:sns:eu-central-1:123456789012:nobody.")
    assert json.loads(last["HistoryData"])["actionState"] == "Failed"


@pytest.mark.parametrize("keeps_out", ["the topic's policy", "the key's policy"])
def test_an_alarm_publishes_only_where_cloudwatch_is_let_in(moving: Aws, keeps_out: str) -> None:
    """By the topic's policy, and by its key's where the topic is encrypted; the history says what went wrong."""
    sns, kms, cloudwatch = moving.client("sns"), moving.client("kms"), moving.client("cloudwatch")
    name = f"kept-out-by-{keeps_out.split()[1].removesuffix(chr(39) + 's')}"
    topic = sns.create_topic(Name=name)["TopicArn"]
    account = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Resource": "*"}
    ours: dict[str, Any] = {
        "Version": "2012-10-17",
        "Statement": [{**account, "Action": "sns:Publish", "Resource": topic}],
    }
    if keeps_out == "the topic's policy":
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(ours))
    else:
        key = kms.create_key()["KeyMetadata"]["Arn"]
        sns.set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue=key)
    declare(moving, name, AlarmActions=[topic], TreatMissingData="ignore")
    ring = {"AlarmName": name, "StateReason": "tried"}

    cloudwatch.set_alarm_state(**ring, StateValue="ALARM")
    first = history(cloudwatch, name)[-1]["HistorySummary"]
    letting = {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Resource": "*"}
    if keeps_out == "the topic's policy":
        ours["Statement"].append({**letting, "Action": "sns:Publish", "Resource": topic})
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(ours))
    else:
        both = [{**account, "Action": "kms:*"}, {**letting, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"]}]
        policy = json.dumps({"Version": "2012-10-17", "Statement": both})
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    cloudwatch.set_alarm_state(**ring, StateValue="OK")
    cloudwatch.set_alarm_state(**ring, StateValue="ALARM")

    assert first.startswith(f"Failed to execute action {topic}.")
    assert history(cloudwatch, name)[-1]["HistorySummary"] == f"Successfully executed action {topic}"


def test_an_alarm_that_is_changed_keeps_its_state(moving: Aws) -> None:
    """And its history, until the next evaluation finds another."""
    cloudwatch = moving.client("cloudwatch")
    declare(moving, "kept", TreatMissingData="ignore")
    cloudwatch.set_alarm_state(AlarmName="kept", StateValue="ALARM", StateReason="tried")

    declare(moving, "kept", TreatMissingData="ignore", Threshold=2.0)

    assert state(moving, "kept") == "ALARM"
    assert len(history(cloudwatch, "kept")) == 3


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
    assert len(history(moving.client("cloudwatch"), "restarted")) == 2
