"""Subscriptions: nobody is told anything before the endpoint's owner has confirmed it.

https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from moto.sns import models
from moto.sns.models import sns_backends

from localcloud.aws.replies import same
from localcloud.aws.services.sns.delivery import deliver
from localcloud.aws.services.sns.letters import confirmation
from localcloud.aws.services.sns.publishing import invalid
from localcloud.machine import clock

TOKEN_LIFETIME = timedelta(days=2)
PENDING = "PendingConfirmation"
_ELSEWHERE = {"sqs", "lambda", "firehose", "application", "sms"}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_backend: Any = models.SNSBackend
_moto_subscribe, _moto_unsubscribe = _backend.subscribe, _backend.unsubscribe


def subscribe(self: Any, topic_arn: str, endpoint: str, protocol: str) -> Any:
    """Ask the endpoint's owner; asked again, as long as it is not confirmed, the question is sent again."""
    topic = self.get_topic(topic_arn)
    _check(protocol, endpoint)
    subscription = _moto_subscribe(self, topic.arn, endpoint, protocol)
    if not subscription.confirmed:
        subscription.token = getattr(subscription, "token", None) or secrets.token_hex(128)
        subscription.asked = getattr(subscription, "asked", None) or clock.now()
        subscription.attributes |= {PENDING: True, "ConfirmationWasAuthenticated": False}
        deliver(subscription, confirmation(subscription))
    return subscription


def confirm(topic_arn: str, token: str, *, authenticated: bool) -> str:
    """The endpoint's owner wants to hear; gives the subscription's ARN. Within two days, by the cloud's clock."""
    topic = _topic(topic_arn)
    found = (each for each in topic.sns_backend.subscriptions.values() if getattr(each, "token", None) == token)
    subscription: Any = next((each for each in found if each.topic.arn == topic_arn), None)
    if subscription is None or not token:
        raise invalid("Token")
    if not subscription.confirmed:
        if over(subscription, clock.now()):
            raise invalid("Token")
        subscription.confirmed = True
        subscription.attributes |= {PENDING: False, "ConfirmationWasAuthenticated": authenticated}
    return str(subscription.arn)


def unsubscribe(self: Any, subscription_arn: str) -> None:
    """Nothing more is told; an HTTP endpoint is told that."""
    if subscription_arn.count(":") != 6:
        raise invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not 1")
    subscription = self.subscriptions.get(subscription_arn)
    if subscription is None:
        return
    if not subscription.confirmed:
        raise invalid("SubscriptionArn Reason: This subscription is pending confirmation")
    _moto_unsubscribe(self, subscription_arn)
    subscription.topic.subscriptions_deleted += 1
    if subscription.protocol in {"http", "https"}:
        deliver(subscription, confirmation(subscription, "UnsubscribeConfirmation"))


def unsubscribe_by_link(subscription_arn: str) -> None:
    """As the link in each letter says."""
    parts = subscription_arn.split(":")
    if len(parts) != 7:
        raise invalid("SubscriptionArn")
    unsubscribe(sns_backends[parts[4]][parts[3]], subscription_arn)


def over(subscription: Any, now: datetime) -> bool:
    """Whether it was asked too long ago, and not confirmed."""
    return not subscription.confirmed and ends(subscription) <= now


def ends(subscription: Any) -> datetime:
    """When it can no longer be confirmed."""
    asked: datetime = subscription.asked
    return asked.astimezone(UTC) + TOKEN_LIFETIME


def _topic(arn: str) -> Any:
    parts = arn.split(":")
    topic = sns_backends[parts[4]][parts[3]].topics.get(arn) if len(parts) == 6 else None
    if topic is None:
        raise same("NotFound", 404, "Topic does not exist")
    return topic


def _check(protocol: str, endpoint: str | None) -> None:
    if protocol in _ELSEWHERE:
        raise NotImplementedError(f"subscriptions by {protocol}: subscribe a mail address or an HTTP endpoint")
    if protocol not in {"http", "https", "email", "email-json"}:
        raise invalid(f"Amazon SNS does not support this protocol string: {protocol}")
    if not endpoint:
        raise invalid("Endpoint")
    if protocol.startswith("email"):
        if not _ADDRESS.fullmatch(endpoint):
            raise invalid("Email address")
        return
    try:
        address = urlsplit(endpoint)
        well_formed = address.scheme == protocol and bool(address.hostname) and (address.port is None or address.port)
    except ValueError:
        well_formed = False
    if not well_formed:
        raise invalid("Endpoint must match the specified protocol")
