"""What can be done to an environment's alarms and identities."""

from __future__ import annotations

from typing import Any

from bench.isolation.place import TRIED, Clients, Place
from bench.isolation.want import Undo, Want
from bench.isolation.wants.data import Name, own_tag

_NO_POLICY = "arn:aws:iam::123456789012:policy/none"


def _alarm(place: Place) -> str:
    return place.names.alarm("no-backup")


def _metric(namespace: Name) -> dict[str, Any]:
    return {"Namespace": namespace, "MetricData": [{"MetricName": "Tried", "Value": 0.0}]}


def _ring_again(administrator: Clients, place: Place, _: Any) -> None:
    administrator("cloudwatch").enable_alarm_actions(AlarmNames=[_alarm(place)])


def _forget_alarm(administrator: Clients, place: Place, _: Any) -> None:
    administrator("cloudwatch").delete_alarms(AlarmNames=[place.names.alarm(TRIED)])


def _topic(action: str, operation: str, **more: Any) -> Want:
    name = "ResourceArn" if "TagResource" in action or "TagsFor" in action else "TopicArn"
    return Want(f"sns:{action}", operation, {name: lambda p: p.arn("sns", p.names.topic), **more})


_OF_ALARM = {"ResourceARN": lambda p: p.arn("cloudwatch", f"alarm:{_alarm(p)}")}
ALARMS = {
    "report": Want("cloudwatch:PutMetricData", "put_metric_data", _metric(lambda p: p.names.metrics)),
    "report to all": Want("cloudwatch:PutMetricData", "put_metric_data", _metric(lambda p: p.names.project)),
    "describe": Want("cloudwatch:DescribeAlarms", "describe_alarms", {"AlarmNames": lambda p: [_alarm(p)]}),
    "read the tags": Want("cloudwatch:ListTagsForResource", "list_tags_for_resource", _OF_ALARM),
    "tag": Want("cloudwatch:TagResource", "tag_resource", {**_OF_ALARM, "Tags": own_tag()}),
    "put one": Want(
        "cloudwatch:PutMetricAlarm",
        "put_metric_alarm",
        {
            "AlarmName": lambda p: p.names.alarm(TRIED),
            "Namespace": "tried",
            "MetricName": "Tried",
            "Statistic": "Sum",
            "Period": 3600,
            "EvaluationPeriods": 1,
            "Threshold": 1.0,
            "ComparisonOperator": "LessThanThreshold",
        },
        _forget_alarm,
    ),
    "silence": Want(
        "cloudwatch:DisableAlarmActions", "disable_alarm_actions", {"AlarmNames": lambda p: [_alarm(p)]}, _ring_again
    ),
    "delete": Want("cloudwatch:DeleteAlarms", "delete_alarms", {"AlarmNames": lambda p: [p.names.alarm("none")]}),
    "read the topic": _topic("GetTopicAttributes", "get_topic_attributes"),
    "read the topic's tags": _topic("ListTagsForResource", "list_tags_for_resource"),
    "set the topic": _topic("SetTopicAttributes", "set_topic_attributes", AttributeName="Wrong", AttributeValue="x"),
    "tag the topic": _topic("TagResource", "tag_resource", Tags=own_tag()),
    "ring": _topic("Publish", "publish", Message="tried"),
    "listen": _topic("Subscribe", "subscribe", Protocol="wrong", Endpoint="nobody@example.com"),
}


def _role(action: str, operation: str, **more: Any) -> Want:
    return Want(f"iam:{action}", operation, {"RoleName": lambda p: p.names.identity("deploy"), **more})


def _user(action: str, operation: str, undo: Undo | None = None, **more: Any) -> Want:
    return Want(f"iam:{action}", operation, {"UserName": lambda p: p.names.identity("pull"), **more}, undo)


def _forget_key(administrator: Clients, place: Place, answer: Any) -> None:
    administrator("iam").delete_access_key(
        UserName=place.names.identity("pull"), AccessKeyId=answer["AccessKey"]["AccessKeyId"]
    )


IDENTITIES = {
    "who am I": Want("sts:GetCallerIdentity", "get_caller_identity"),
    "read a role": _role("GetRole", "get_role"),
    "list a role's policies": _role("ListRolePolicies", "list_role_policies"),
    "read a user": _user("GetUser", "get_user"),
    "list a user's policies": _user("ListUserPolicies", "list_user_policies"),
    "put a role's policy": _role("PutRolePolicy", "put_role_policy", PolicyName="more", PolicyDocument="{}"),
    "put a role's trust": _role("UpdateAssumeRolePolicy", "update_assume_role_policy", PolicyDocument="{}"),
    "attach a policy": _role("AttachRolePolicy", "attach_role_policy", PolicyArn=_NO_POLICY),
    "delete a role": _role("DeleteRole", "delete_role"),
    "put a user's policy": _user("PutUserPolicy", "put_user_policy", PolicyName="more", PolicyDocument="{}"),
    "make a key": _user("CreateAccessKey", "create_access_key", _forget_key),
    "take a role": Want(
        "sts:AssumeRole",
        "assume_role",
        {
            "RoleArn": lambda p: f"arn:aws:iam::{p.names.account}:role/{p.names.identity('deploy')}",
            "RoleSessionName": TRIED,
        },
    ),
}
