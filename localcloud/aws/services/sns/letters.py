"""What SNS writes to subscribers: the JSON for programs, the mails for people."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from localcloud.aws.services.sns.signature import signed
from localcloud.machine import clock, ports

Letter = dict[str, Any]
NO_SUBJECT = "AWS Notification Message"
_CONFIRMATIONS = {
    "SubscriptionConfirmation": ("You have chosen to subscribe to the topic {topic}.", "To confirm the subscription"),
    "UnsubscribeConfirmation": (
        "You have chosen to deactivate subscription {arn}.",
        "To cancel this operation and restore the subscription",
    ),
}
CONFIRM_SUBJECT = "AWS Notification - Subscription Confirmation"


def notification(subscription: Any, message: str, message_id: str, subject: str | None, attributes: Any) -> Letter:
    """A published message."""
    letter = {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": subscription.topic.arn,
        **({"Subject": subject} if subject else {}),
        "Message": message,
        "Timestamp": _stamp(clock.now()),
    }
    extra = {"UnsubscribeURL": unsubscribe_url(subscription)}
    extra |= {"MessageAttributes": attributes} if attributes else {}
    return {**signed(letter, _version(subscription)), **extra}


def confirmation(subscription: Any, kind: str = "SubscriptionConfirmation") -> Letter:
    """What asks an endpoint whether it wants to hear, or tells it that it will not any more."""
    topic = subscription.topic.arn
    what, then = _CONFIRMATIONS[kind]
    text = (
        f"{what.format(topic=topic, arn=subscription.arn)}\n{then}, visit the SubscribeURL included in this message."
    )
    letter = {
        "Type": kind,
        "MessageId": str(uuid4()),
        "Token": subscription.token,
        "TopicArn": topic,
        "Message": text,
        "SubscribeURL": confirm_url(subscription),
        "Timestamp": _stamp(clock.now()),
    }
    return signed(letter, _version(subscription))


def confirmation_mail(subscription: Any) -> str:
    """The same for people."""
    return (
        f"You have chosen to subscribe to the topic:\n{subscription.topic.arn}\n\n"
        "To confirm this subscription, click or visit the link below (If this was in error no action is necessary):\n"
        f"{confirm_url(subscription)}\n"
    )


def mail(subscription: Any, letter: Letter) -> str:
    """A published message for people, or as JSON where they asked for that."""
    if subscription.protocol == "email-json":
        return json.dumps(letter, indent=2)
    return (
        f"{letter['Message']}\n\n--\nIf you wish to stop receiving notifications from this topic, please click or "
        f"visit the link below to unsubscribe:\n{letter['UnsubscribeURL']}\n"
    )


def confirm_url(subscription: Any) -> str:
    """The link that confirms."""
    return _url(Action="ConfirmSubscription", TopicArn=subscription.topic.arn, Token=subscription.token)


def unsubscribe_url(subscription: Any) -> str:
    """The link that ends a subscription."""
    return _url(Action="Unsubscribe", SubscriptionArn=subscription.arn)


def _url(**query: str) -> str:
    return f"http://{ports.HOST}:{ports.port('aws')}/?{urlencode(query)}"


def _version(subscription: Any) -> str:
    return str(getattr(subscription.topic, "signature_version", "1") or "1")


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
