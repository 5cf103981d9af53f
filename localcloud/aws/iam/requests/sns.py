"""SNS: topics with their policies, and the key of a topic that is encrypted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam import resource_policy
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.requests import seal
from localcloud.aws.iam.requests.reading import (
    Context,
    arn,
    pairs,
    parameters,
    request_tags,
    resource_tags,
    without_nothing,
)
from localcloud.aws.iam.resource_policy import MalformedError, Rules
from localcloud.aws.replies import same

_RULES = Rules.of("sns")
_WORDS = {
    "action": "Policy statement action out of service scope!",
    "principal": "Policy Error: PrincipalNotFound",
    "unknown principal": "Policy Error: PrincipalNotFound",
}
_PUBLISHES = ("Publish", "PublishBatch")  # by the same right


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """On the topic that is named, else on all."""
    given = parameters(call)
    tags = request_tags(pairs(given.get("Tags")), given.get("TagKeys") or ())
    said = without_nothing({"sns:Protocol": given.get("Protocol"), "sns:Endpoint": given.get("Endpoint")}) | tags
    if call.action == "CreateTopic":
        resource = arn("sns", call, caller, str(given.get("Name", "")))
        yield Ask("sns:CreateTopic", resource, said)
        _check_policy((given.get("Attributes") or {}).get("Policy"))
        if given.get("Tags"):
            yield Ask("sns:TagResource", resource, tags)
        return
    topic = given.get("TopicArn") or given.get("ResourceArn") or given.get("TargetArn")
    if not topic:
        yield Ask(f"sns:{call.action}", "*", said)
        return
    publishes = call.action in _PUBLISHES
    yield on_topic("sns:Publish" if publishes else f"sns:{call.action}", str(topic), said)
    if call.action == "SetTopicAttributes" and given.get("AttributeName") == "Policy":
        _check_policy(given.get("AttributeValue"))
    if publishes:
        yield from asks_for_key(str(topic), caller)


def _check_policy(text: str | None) -> None:
    if not text:
        return
    try:
        resource_policy.check(text, _RULES)
    except MalformedError as problem:
        said = _WORDS.get(problem.fault, "Policy Error: null")
        raise same("InvalidParameter", 400, f"Invalid parameter: {said}") from problem


def on_topic(action: str, topic_arn: str, context: Context) -> Ask:
    """One action on a topic, by identity or by the topic's policy."""
    found = topic(topic_arn)
    if found is None:
        return Ask(action, topic_arn, context)
    policy = ResourcePolicy(found.policy, found.account_id)
    return Ask(action, topic_arn, context | resource_tags(_tags(found), "sns"), policy)


def asks_for_key(topic_arn: str, caller: Caller) -> Iterator[Ask]:
    """Who publishes to an encrypted topic needs its key."""
    found = topic(topic_arn)
    if found is not None and found.kms_master_key_id:
        use = seal.Use("sns", topic_arn.split(":")[3], caller, {"aws:sns:topicArn": topic_arn})
        yield from seal.asks(use, found.kms_master_key_id, ["kms:GenerateDataKey", "kms:Decrypt"])


def topic(topic_arn: str) -> Any:
    """moto's topic; None where there is none of that ARN."""
    from moto.sns.models import sns_backends

    parts = topic_arn.split(":")
    if len(parts) != 6 or not parts[3] or parts[4] not in sns_backends or parts[3] not in sns_backends[parts[4]]:
        return None
    return sns_backends[parts[4]][parts[3]].topics.get(topic_arn)


def _tags(found: Any) -> dict[str, str]:
    return pairs(found.sns_backend.list_tags_for_resource(found.arn))
