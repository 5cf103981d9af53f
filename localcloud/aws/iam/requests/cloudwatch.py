"""CloudWatch: alarms and dashboards by their names, metrics by their namespace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.requests.reading import (
    Context,
    arn,
    pairs,
    parameters,
    request_tags,
    resource_tags,
    without_nothing,
)

_ALARMS = (
    "DeleteAlarms",
    "DescribeAlarmContributors",
    "DescribeAlarmHistory",
    "DescribeAlarms",
    "DisableAlarmActions",
    "EnableAlarmActions",
    "PutCompositeAlarm",
    "PutMetricAlarm",
    "SetAlarmState",
)
_DASHBOARDS = ("DeleteDashboards", "GetDashboard", "PutDashboard")
_PUTS = ("PutCompositeAlarm", "PutMetricAlarm")


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """An alarm with tags needs the right to tag; metrics are on no resource, but have their namespace."""
    given, action = parameters(call), f"cloudwatch:{call.action}"
    tags = request_tags(pairs(given.get("Tags")), given.get("TagKeys") or ())
    if call.action in _ALARMS:
        context = tags | without_nothing({"cloudwatch:AlarmActions": given.get("AlarmActions")})
        for name in given.get("AlarmNames") or [given.get("AlarmName") or "*"]:
            resource = arn("cloudwatch", call, caller, f"alarm:{name}")
            yield Ask(action, resource, context | _existing(resource, caller, call))
            if call.action in _PUTS and given.get("Tags"):
                yield Ask("cloudwatch:TagResource", resource, tags)
    elif call.action in _DASHBOARDS:
        for name in given.get("DashboardNames") or [given.get("DashboardName", "*")]:
            yield Ask(action, f"arn:aws:cloudwatch::{caller.account}:dashboard/{name}")
    elif given.get("ResourceARN"):
        resource = str(given["ResourceARN"])
        yield Ask(action, resource, tags | _existing(resource, caller, call))
    else:
        namespace = given.get("Namespace") if call.action == "PutMetricData" else None
        yield Ask(action, "*", without_nothing({"cloudwatch:namespace": namespace}))


def _existing(resource: str, caller: Caller, call: Call) -> Context:
    from moto.cloudwatch.models import cloudwatch_backends

    backend: Any = cloudwatch_backends[caller.account][call.region]
    return resource_tags(pairs(backend.tagger.get_tag_dict_for_resource(resource)), "aws")
