"""CloudWatch Logs: groups and streams by their names."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.requests.reading import arn, pairs, parameters, request_tags

_TAGS = ("ListTagsForResource", "TagResource", "UntagResource")


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """A group is asked for with all its streams, as `log-group:NAME:log-stream:`; its tags without."""
    given = parameters(call)
    tags = request_tags(pairs(given.get("tags")), given.get("tagKeys") or ())
    action = f"logs:{call.action}"
    if call.action in _TAGS:
        yield Ask(action, str(given.get("resourceArn", "*")), tags)
        return
    if call.action in ("DescribeLogGroups", "ListLogGroups"):
        yield Ask(action, arn("logs", call, caller, "log-group::log-stream:"))
        return
    group = given.get("logGroupName") or given.get("logGroupIdentifier")
    if not group:
        yield Ask(action, "*", tags)
        return
    name = str(group).rpartition(":log-group:")[2].removesuffix(":*")
    stream = given.get("logStreamName", "")
    yield Ask(action, arn("logs", call, caller, f"log-group:{name}:log-stream:{stream}"), tags)
    if call.action == "CreateLogGroup" and given.get("tags"):
        yield Ask("logs:TagResource", arn("logs", call, caller, f"log-group:{name}"), tags)
    if given.get("roleArn"):
        yield Ask("iam:PassRole", str(given["roleArn"]), {"iam:PassedToService": "logs.amazonaws.com"})
