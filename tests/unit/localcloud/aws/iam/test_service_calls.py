"""What a service may do by itself: the policies of the topic and of its key decide, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto.kms.models import kms_backends
from moto.sns.models import sns_backends

from localcloud.aws.iam import service_calls
from localcloud.aws.replies import AwsError
from tests.support.asking import ACCOUNT, REGION

ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:no-backup"
CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}


def statement(action: str, **more: Any) -> dict[str, Any]:
    """One that lets CloudWatch in."""
    return {"Effect": "Allow", "Principal": CLOUDWATCH, "Action": action, "Resource": "*", **more}


@pytest.fixture
def topic() -> Iterator[Any]:
    """A topic of moto's, with the policy of new ones."""
    backend: Any = sns_backends[ACCOUNT][REGION]
    made = backend.create_topic("called")
    yield made
    backend.topics.pop(made.arn)


@pytest.fixture
def key(topic: Any) -> Iterator[Any]:
    """The key of the topic."""
    backend: Any = kms_backends[ACCOUNT][REGION]
    made = backend.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", {}, False)
    topic.kms_master_key_id = made.arn
    yield made
    backend.keys.pop(made.id)


def published(topic: Any, source: str = ALARM) -> str:
    """The code with which CloudWatch is refused, or `yes`."""
    try:
        service_calls.publish("cloudwatch.amazonaws.com", topic.arn, source_arn=source)
    except AwsError as problem:
        return problem.query[0]
    return "yes"


def test_a_new_topic_takes_alarms_of_its_account_alone(topic: Any) -> None:
    """Its default policy looks at the account of the source."""
    stranger = ALARM.replace(ACCOUNT, "999999999999")

    assert (published(topic), published(topic, stranger)) == ("yes", "AuthorizationError")


def test_a_topic_may_take_one_alarm_alone(topic: Any) -> None:
    """Its policy looks at the source."""
    only = {"ArnEquals": {"aws:SourceArn": ALARM}}
    topic.policy = json.dumps({"Statement": statement("sns:Publish", Condition=only)})

    assert (published(topic), published(topic, f"{ALARM}-2")) == ("yes", "AuthorizationError")


@pytest.mark.parametrize(
    ("action", "account", "answer"),
    [
        ("kms:*", ACCOUNT, "yes"),
        ("kms:*", "999999999999", "KMSAccessDenied"),
        ("kms:Decrypt", ACCOUNT, "KMSAccessDenied"),
    ],
)
def test_an_encrypted_topic_needs_its_key(topic: Any, key: Any, action: str, account: str, answer: str) -> None:
    """The key's policy names the service, both actions, and the account that the alarm is of."""
    condition = {"StringEquals": {"aws:SourceAccount": account}}
    key.policy = json.dumps({"Statement": statement(action, Condition=condition)})

    assert published(topic) == answer


def test_the_accounts_key_policy_is_not_the_services(topic: Any, key: Any) -> None:
    """What leaves the key to the account's policies lets in no service; AWS's own key for SNS does not either."""
    assert published(topic) == "KMSAccessDenied"
    topic.kms_master_key_id = "alias/aws/sns"

    assert published(topic) == "KMSAccessDenied"
    assert key.key_state == "Enabled"
