"""SNS: nobody is told before they have confirmed; then letters arrive, signed, as they were asked for."""

from __future__ import annotations

import base64
import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.support.alarms import inbox
from tests.support.aws_daemon import Aws, refused
from tests.support.waiting import eventually

SIGNED = ("Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


class Endpoint(http.server.ThreadingHTTPServer):
    """A webhook that answers as it is told, and remembers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.got: list[tuple[dict[str, str], str]] = []
        self.answers: list[int] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Hook(http.server.BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:  # as the library calls it
        """Remember what came."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A webhook."""
    hook = Endpoint()
    yield hook
    hook.shutdown()
    hook.server_close()


def _subscribed(aws: Aws, name: str, endpoint: Endpoint, **attributes: str) -> str:
    """A topic with that webhook, which has confirmed by the link that it was sent."""
    sns = aws.client("sns")
    topic: str = sns.create_topic(Name=name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=endpoint.url, Attributes=attributes)
    eventually(lambda: endpoint.got)
    requests.get(json.loads(endpoint.got[0][1])["SubscribeURL"], timeout=10).raise_for_status()
    return topic


def _check_signature(letter: dict[str, str], version: str) -> None:
    names = (
        SIGNED
        if letter["Type"] != "Notification"
        else [name for name in SIGNED if name not in {"SubscribeURL", "Token"}]
    )
    text = "".join(f"{name}\n{letter[name]}\n" for name in names if name in letter)
    certificate = x509.load_pem_x509_certificate(requests.get(letter["SigningCertURL"], timeout=10).content)
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()  # noqa: S303 - version 1 is that
    key.verify(base64.b64decode(letter["Signature"]), text.encode(), padding.PKCS1v15(), algorithm)
    assert letter["SignatureVersion"] == version


def test_a_mail_address_hears_nothing_before_it_has_confirmed(aws: Aws) -> None:
    """It is asked by a mail with a link; after that it is told, and by the link in each mail no more."""
    sns = aws.client("sns")
    topic = sns.create_topic(Name="mails", Attributes={"DisplayName": "Alarms"})["TopicArn"]
    asked = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="mails@example.com")
    sns.publish(TopicArn=topic, Message="too early")
    [question] = inbox(aws, "--to", "mails@example.com")
    [pending] = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    counts = sns.get_topic_attributes(TopicArn=topic)["Attributes"]

    answer = requests.get(question["link"], timeout=10)
    sns.publish(TopicArn=topic, Message="the text", Subject="The subject")
    [_, told] = inbox(aws, "--to", "mails@example.com")
    [confirmed] = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    requests.get(told["text"].splitlines()[-1], timeout=10).raise_for_status()
    sns.publish(TopicArn=topic, Message="too late")

    assert asked["SubscriptionArn"] == "pending confirmation"
    assert pending["SubscriptionArn"] == "PendingConfirmation"
    assert (counts["SubscriptionsPending"], counts["SubscriptionsConfirmed"]) == ("1", "0")
    assert question["subject"] == "AWS Notification - Subscription Confirmation"
    assert confirmed["SubscriptionArn"] in answer.text
    assert (told["subject"], told["text"].splitlines()[0]) == ("The subject", "the text")
    assert told["sender"] == "Alarms <no-reply@sns.amazonaws.com>"
    assert len(inbox(aws, "--to", "mails@example.com")) == 2
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_webhook_is_called_with_letters_that_it_can_check(aws: Aws, endpoint: Endpoint, version: str) -> None:
    """The question and the message bear a signature of the certificate that they name."""
    sns = aws.client("sns")
    topic = sns.create_topic(Name=f"signed-{version}", Attributes={"SignatureVersion": version})["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=endpoint.url)
    eventually(lambda: endpoint.got)
    question = json.loads(endpoint.got[0][1])
    arn = sns.confirm_subscription(TopicArn=topic, Token=question["Token"])["SubscriptionArn"]

    sent = sns.publish(TopicArn=topic, Message="the text", Subject="The subject")
    eventually(lambda: len(endpoint.got) == 2)

    headers, body = endpoint.got[1]
    letter = json.loads(body)
    assert (question["Type"], endpoint.got[0][0]["x-amz-sns-message-type"]) == ("SubscriptionConfirmation",) * 2
    assert (letter["Type"], letter["Message"], letter["Subject"]) == ("Notification", "the text", "The subject")
    assert letter["MessageId"] == headers["x-amz-sns-message-id"] == sent["MessageId"]
    assert headers["x-amz-sns-subscription-arn"] == arn
    _check_signature(question, version)
    _check_signature(letter, version)


def test_a_webhook_that_fails_is_called_again_and_not_for_ever(aws: Aws, endpoint: Endpoint) -> None:
    """Three times more after an error of the server's or too many calls, not after another; the inbox tells it."""
    topic, sns = _subscribed(aws, "failing", endpoint), aws.client("sns")
    endpoint.answers = [500, 429, 200, 410]

    sns.publish(TopicArn=topic, Message="one", Subject="one")
    eventually(lambda: len(endpoint.got) == 4)
    sns.publish(TopicArn=topic, Message="two", Subject="two")
    eventually(lambda: len(inbox(aws, "--to", endpoint.url)) == 3)

    assert [message["outcome"] for message in inbox(aws, "--to", endpoint.url)][1:] == [
        "delivered: HTTP 200",
        "failed: HTTP 410",
    ]
    assert len(endpoint.got) == 5


def test_raw_delivery_is_the_message_alone(aws: Aws, endpoint: Endpoint) -> None:
    """With a header that says so."""
    topic = _subscribed(aws, "raw", endpoint, RawMessageDelivery="true")

    aws.client("sns").publish(TopicArn=topic, Message="bare")
    eventually(lambda: len(endpoint.got) == 2)

    assert (endpoint.got[1][1], endpoint.got[1][0]["x-amz-sns-rawdelivery"]) == ("bare", "true")


def test_a_filter_lets_through_what_it_names(aws: Aws, endpoint: Endpoint) -> None:
    """By the attributes of the message."""
    topic = _subscribed(aws, "filtered", endpoint, FilterPolicy=json.dumps({"kind": ["alarm"]}))
    sns = aws.client("sns")

    for kind in ("chat", "alarm"):
        attributes = {"kind": {"DataType": "String", "StringValue": kind}}
        sns.publish(TopicArn=topic, Message=kind, MessageAttributes=attributes)
    eventually(lambda: len(endpoint.got) == 2)

    assert json.loads(endpoint.got[1][1])["Message"] == "alarm"


def test_each_protocol_gets_its_own_text(aws: Aws, endpoint: Endpoint) -> None:
    """Where the message is a structure of texts."""
    topic, sns = _subscribed(aws, "texts", endpoint), aws.client("sns")

    texts = json.dumps({"default": "for all", "http": "for hooks"})
    sns.publish(TopicArn=topic, Message=texts, MessageStructure="json")
    eventually(lambda: len(endpoint.got) == 2)

    assert json.loads(endpoint.got[1][1])["Message"] == "for hooks"


def test_who_unsubscribes_is_told(aws: Aws, endpoint: Endpoint) -> None:
    """With a link to come back, and then nothing more."""
    topic, sns = _subscribed(aws, "leaving", endpoint), aws.client("sns")
    [subscription] = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]

    sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    eventually(lambda: len(endpoint.got) == 2)

    assert json.loads(endpoint.got[1][1])["Type"] == "UnsubscribeConfirmation"
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["SubscriptionsDeleted"] == "1"


def test_the_certificate_and_the_links_need_no_key_and_nothing_else_is_open(aws: Aws) -> None:
    """A made-up token confirms nothing; other actions are refused to who has no key."""
    topic = aws.client("sns").create_topic(Name="open")["TopicArn"]

    forged = requests.get(
        f"{aws.url}/", params={"Action": "ConfirmSubscription", "TopicArn": topic, "Token": "a" * 256}, timeout=10
    )
    closed = requests.get(f"{aws.url}/", params={"Action": "DeleteTopic", "TopicArn": topic}, timeout=10)

    assert (forged.status_code, "<Code>InvalidParameter</Code>" in forged.text) == (400, True)
    assert closed.status_code == 403
    refused("InvalidParameter", aws.client("sns").confirm_subscription, TopicArn=topic, Token="a" * 256)
