"""EventBridge: rules and buses by their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.requests.reading import arn, pairs, parameters, request_tags

_RULES = ("DeleteRule", "DescribeRule", "DisableRule", "EnableRule", "PutRule")
_TARGETS = ("ListTargetsByRule", "PutTargets", "RemoveTargets")
_BUSES = ("CreateEventBus", "DeleteEventBus", "DescribeEventBus", "UpdateEventBus")


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """A role that EventBridge is to act as is passed to it."""
    given, action = parameters(call), f"events:{call.action}"
    tags = request_tags(pairs(given.get("Tags")), given.get("TagKeys") or ())
    if given.get("ResourceARN"):
        yield Ask(action, str(given["ResourceARN"]), tags)
    elif call.action in _RULES or call.action in _TARGETS:
        yield Ask(action, _rule(call, caller, given), tags)
        if given.get("Tags"):
            yield Ask("events:TagResource", _rule(call, caller, given), tags)
        for role in [given.get("RoleArn"), *(target.get("RoleArn") for target in given.get("Targets") or ())]:
            if role:
                yield Ask("iam:PassRole", str(role), {"iam:PassedToService": "events.amazonaws.com"})
    elif call.action in _BUSES:
        yield Ask(action, arn("events", call, caller, f"event-bus/{given.get('Name', 'default')}"), tags)
    elif call.action == "PutEvents":
        names = {str(entry.get("EventBusName", "default")) for entry in given.get("Entries") or ()} or {"default"}
        for name in sorted(names):
            yield Ask(action, name if name.startswith("arn:") else arn("events", call, caller, f"event-bus/{name}"))
    else:
        yield Ask(action, "*", tags)


def _rule(call: Call, caller: Caller, given: dict[str, Any]) -> str:
    name, bus = given.get("Name") or given.get("Rule", ""), str(given.get("EventBusName", "default"))
    bus = bus.rpartition("/")[2]
    return arn("events", call, caller, f"rule/{name}" if bus == "default" else f"rule/{bus}/{name}")
