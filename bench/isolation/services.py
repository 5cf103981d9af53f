"""What AWS's own services, and another account, may do here.

An alarm is rung by a real call, and CloudWatch's history says whether it may. S3 delivers its logs by itself, and the
local cloud has one account: for these the policy that hangs there is read back and put to the engine that judges
every call.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from uuid import uuid4

from bench.isolation.place import TRIED
from bench.isolation.scene import Scene
from localcloud.aws.iam import context
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.document import read
from localcloud.aws.iam.evaluation import Policies, evaluate
from localcloud.aws.iam.principal import Principal
from tests.support.waiting import eventually

ELSEWHERE = "210987654321"


@dataclass(frozen=True)
class ServiceCell:
    """One thing that is done by no identity of the environment."""

    says: str
    action: str
    is_allowed: bool
    may: Callable[[], bool] = field(repr=False)
    is_own: bool = True

    def differs(self) -> bool:
        """Ask, and say whether the answer is another than the design's."""
        return self.may() != self.is_allowed

    def __str__(self) -> str:
        return self.says


def alarms(scene: Scene, home: str) -> list[ServiceCell]:
    """CloudWatch seals what it publishes with the environment's key."""
    return [
        ServiceCell(f"CloudWatch rings {home}'s topic", action, is_allowed=True, may=partial(_rings, scene, home))
        for action in ("kms:Decrypt", "kms:GenerateDataKey")
    ] + [
        ServiceCell(
            f"CloudWatch seals with {home}'s key for another account",
            "kms:Decrypt",
            is_allowed=False,
            may=partial(_seals_elsewhere, scene, home),
        )
    ]


def deliveries(scene: Scene, home: str) -> list[ServiceCell]:
    """S3 puts its log of the backups there, of nothing else and for nobody else."""
    names = scene.stacks[home].names
    right = {"aws:SourceArn": f"arn:aws:s3:::{names.bucket('backups')}", "aws:SourceAccount": scene.account}
    asked = {
        "the log of the backups": ({}, "s3:PutObject", True),
        "another bucket's log": ({"aws:SourceArn": "arn:aws:s3:::another"}, "s3:PutObject", False),
        "another account's log": ({"aws:SourceAccount": ELSEWHERE}, "s3:PutObject", False),
        "a log to read": ({}, "s3:GetObject", False),
        "a log to delete": ({}, "s3:DeleteObject", False),
    }
    return [
        ServiceCell(
            f"S3 has {what} in {home}", action, may, partial(_delivers, scene, home, action, {**right, **other})
        )
        for what, (other, action, may) in asked.items()
    ]


def copies(scene: Scene, home: str) -> list[ServiceCell]:
    """The next environment's pipeline, and nobody else of its account, takes tested images out of another account."""
    after = scene.stacks[home].after
    if after is None:
        return []
    pull = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    asked = [
        *(("deploy", action, True) for action in pull),
        ("deploy", "ecr:PutImage", False),
        ("deploy", "ecr:DescribeImages", False),
        *(("media", action, False) for action in pull),
    ]
    return [
        ServiceCell(
            f"{after.names.identity(who)} of another account: {action} in {home}",
            action,
            may,
            partial(_copies, scene, home, after.names.identity(who), action),
        )
        for who, action, may in asked
    ]


def _rings(scene: Scene, home: str) -> bool:
    cloudwatch, place = scene.administrator("cloudwatch"), scene.places[home]
    name = place.names.alarm(f"{TRIED}-{uuid4().hex[:8]}")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        AlarmActions=[place.arn("sns", place.names.topic)],
        Namespace=TRIED,
        MetricName=name,
        Statistic="Sum",
        Period=3600,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="LessThanThreshold",
    )
    try:
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="tried")
        [tried] = eventually(
            lambda: cloudwatch.describe_alarm_history(AlarmName=name, HistoryItemType="Action")["AlarmHistoryItems"],
            "the alarm has acted",
            10,
        )
        return bool(json.loads(tried["HistoryData"])["actionState"] == "Succeeded")
    finally:
        cloudwatch.delete_alarms(AlarmNames=[name])


def _seals_elsewhere(scene: Scene, home: str) -> bool:
    key = scene.places[home].key
    document = scene.administrator("kms").get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    ask = Ask("kms:Decrypt", key, resource_policy=ResourcePolicy(document, scene.account, gate=True))
    return _service("cloudwatch.amazonaws.com", ask, {"aws:SourceAccount": ELSEWHERE})


def _delivers(scene: Scene, home: str, action: str, source: Mapping[str, str]) -> bool:
    bucket = scene.stacks[home].names.bucket("logs")
    document = scene.administrator("s3").get_bucket_policy(Bucket=bucket)["Policy"]
    ask = Ask(action, f"arn:aws:s3:::{bucket}/backups/log", resource_policy=ResourcePolicy(document, scene.account))
    return _service("logging.s3.amazonaws.com", ask, source)


def _service(name: str, ask: Ask, source: Mapping[str, str]) -> bool:
    keys = context.normal({"aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "true", **source})
    return evaluate(Policies(), Principal("service", ELSEWHERE, name), ask, keys).allowed


def _copies(scene: Scene, home: str, role: str, action: str) -> bool:
    """As if the repository were another account's, and whoever asks might do everything by his own."""
    ecr, place = scene.administrator("ecr"), scene.places[home]
    try:
        document = ecr.get_repository_policy(repositoryName=place.names.repository)["policyText"]
    except ecr.exceptions.RepositoryPolicyNotFoundException:
        document = '{"Statement": []}'
    arn = f"arn:aws:iam::{scene.account}:role/{role}"
    caller = Principal("role", scene.account, arn, role=frozenset({arn}))
    ask = Ask(
        action,
        f"arn:aws:ecr:eu-central-1:{ELSEWHERE}:repository/x",
        resource_policy=ResourcePolicy(document, ELSEWHERE),
    )
    everything = read('{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
    keys = context.normal({"aws:PrincipalArn": arn, "aws:PrincipalAccount": scene.account})
    return evaluate(Policies(identity=(everything,)), caller, ask, keys).allowed
