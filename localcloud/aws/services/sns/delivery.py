"""How a letter reaches its endpoint: HTTP is really called, beside the API's calls; mails go into the local inbox."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import requests

from localcloud.aws.services.sns.letters import CONFIRM_SUBJECT, NO_SUBJECT, Letter, confirmation_mail, mail
from localcloud.inbox import messages
from localcloud.inbox.messages import Message

ATTEMPTS = 4  # the first, and the three retries of SNS's own delivery policy
PAUSE_SECONDS = 1.0  # between them; SNS waits twenty
TIMEOUT_SECONDS = 5.0


def deliver(subscription: Any, letter: Letter) -> None:
    """Send a letter on its way; what comes of it is in the inbox."""
    if subscription.protocol in {"http", "https"}:
        raw = letter["Type"] == "Notification" and bool(subscription.attributes.get("RawMessageDelivery"))
        call = (subscription.endpoint, _headers(subscription, letter, raw=raw), letter, raw)
        threading.Thread(target=_call, args=call, name="sns", daemon=True).start()
        return
    asks = letter["Type"] == "SubscriptionConfirmation"
    text = confirmation_mail(subscription) if asks else mail(subscription, letter)
    subject = CONFIRM_SUBJECT if asks else str(letter.get("Subject", NO_SUBJECT))
    sender = f"{subscription.topic.display_name or 'AWS Notifications'} <no-reply@sns.amazonaws.com>"
    link = str(letter["SubscribeURL"]) if asks else ""
    messages.add(Message("email", sender, subscription.endpoint, subject, text, link))


def _call(endpoint: str, headers: dict[str, str], letter: Letter, raw: bool) -> None:
    body = str(letter["Message"]) if raw else json.dumps(letter, indent=2)
    outcome = ""
    for attempt in range(1, ATTEMPTS + 1):
        outcome, final = _post(endpoint, headers, body)
        if final:
            break
        if attempt < ATTEMPTS:
            time.sleep(PAUSE_SECONDS)
    subject, link = str(letter.get("Subject") or letter["Type"]), str(letter.get("SubscribeURL", ""))
    messages.add(Message("webhook", letter["TopicArn"], endpoint, subject, body, link, outcome))


def _post(endpoint: str, headers: dict[str, str], body: str) -> tuple[str, bool]:
    """What came of one attempt, and whether another would be of no use."""
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                endpoint, body.encode(), headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
    except requests.RequestException as error:
        return f"failed: {type(error).__name__}", False
    if answer.status_code < 300:
        return f"delivered: HTTP {answer.status_code}", True
    return f"failed: HTTP {answer.status_code}", 400 <= answer.status_code < 500 and answer.status_code != 429


def _headers(subscription: Any, letter: Letter, *, raw: bool) -> dict[str, str]:
    confirmed = (
        {} if letter["Type"] == "SubscriptionConfirmation" else {"x-amz-sns-subscription-arn": subscription.arn}
    )
    return {
        "Content-Type": "text/plain; charset=UTF-8",
        "User-Agent": "Amazon Simple Notification Service Agent",
        "x-amz-sns-message-type": letter["Type"],
        "x-amz-sns-message-id": letter["MessageId"],
        "x-amz-sns-topic-arn": letter["TopicArn"],
        **confirmed,
        **({"x-amz-sns-rawdelivery": "true"} if raw else {}),
    }
