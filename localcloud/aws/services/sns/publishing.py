"""Publishing to a topic: what SNS refuses, and who of the subscribers is told."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

from moto.sns.models import sns_backends

from localcloud.aws.iam import service_calls
from localcloud.aws.replies import AwsError, same
from localcloud.aws.services.sns.delivery import deliver
from localcloud.aws.services.sns.letters import notification

LARGEST = 262_144  # bytes, the attributes counted in
_SUBJECT = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,99}")


class Refusal(Exception):  # noqa: N818 # what SNS says to another service
    """Why another service could not publish."""


def check(message: str | None, subject: str | None, attributes: dict[str, Any] | None, structure: str | None) -> None:
    """Refuse what SNS does not take. AwsError."""
    if not message:
        raise invalid("Empty message")
    size = len(message.encode()) + sum(
        len(name) + len(value["Type"]) + len(str(value["Value"])) for name, value in (attributes or {}).items()
    )
    if size > LARGEST:
        raise invalid("Message too long")
    if subject is not None and not _SUBJECT.fullmatch(subject):
        raise invalid("Subject")
    if structure is not None:
        if structure != "json":
            raise invalid("MessageStructure")
        _texts(message)


def publish(
    topic: Any, message: str, subject: str | None = None, attributes: Any = None, structure: str | None = None
) -> str:
    """Tell every confirmed subscriber whose filter lets it through; gives the message's id."""
    message_id = str(uuid4())
    for subscription in list(topic.sns_backend.subscriptions.values()):
        matcher = subscription._filter_policy_matcher
        if subscription.topic.arn != topic.arn or not subscription.confirmed:
            continue
        if matcher is not None and not matcher.matches(attributes, message):
            continue
        texts = _texts(message) if structure == "json" else {}
        text = texts.get(subscription.protocol, texts.get("default", message))
        deliver(subscription, notification(subscription, text, message_id, subject, attributes))
    return message_id


def publish_for_service(service: str, source: str, topic_arn: str, message: str, subject: str) -> None:
    """Publish what a service such as CloudWatch has to tell, on behalf of a resource of its own.

    The topic's policy and its key's must let it. Refusal otherwise.
    """
    parts = topic_arn.split(":")
    if parts[2:3] != ["sns"]:
        raise Refusal(f"the local cloud does not carry out this action of {service}")
    topic: Any = sns_backends[parts[4]][parts[3]].topics.get(topic_arn)
    if topic is None:
        raise Refusal(f"Topic does not exist, which {source} is to tell")
    try:
        service_calls.publish(service, topic_arn, source_arn=source)
    except AwsError as refusal:
        raise Refusal(refusal.message) from refusal
    publish(topic, message, subject)


def invalid(what: str) -> Exception:
    """SNS's way to refuse a value."""
    return same("InvalidParameter", 400, f"Invalid parameter: {what}")


def _texts(message: str) -> dict[str, str]:
    try:
        texts = json.loads(message)
    except ValueError as error:
        raise invalid("Message Structure - JSON message body failed to parse") from error
    if not isinstance(texts, dict) or not isinstance(texts.get("default"), str):
        raise invalid("Message Structure - No default entry in JSON message body")
    return texts
