"""How the local AWS finds issuers' keys: asked when it must be, for a short time, and on this machine alone."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest

from tests.support.aws_daemon import Aws
from tests.support.tokens import Issuer, rsa
from tests.support.web_identity import ACCOUNT, claims, refusal, register, role_of, take


def test_keys_are_asked_for_once_and_again_when_one_is_new(aws: Aws, issuer: Issuer) -> None:
    """An issuer may rotate its keys at any time, and is not asked for each token."""
    take(aws, role_of(issuer), issuer.sign(claims()))
    take(aws, role_of(issuer), issuer.sign(claims()))
    before = list(issuer.asked)
    fresh = rsa("second")
    issuer.keys = [fresh]

    take(aws, role_of(issuer), issuer.sign(claims(), key=fresh))

    assert before == ["/.well-known/openid-configuration", "/.well-known/jwks"]
    assert len(issuer.asked) == 4
    assert refusal(aws, role_of(issuer), issuer.sign(claims()))[0] == "InvalidIdentityToken"


def test_an_issuer_that_is_down_cannot_be_asked(aws: Aws) -> None:
    """That is another error: it may pass."""
    issuer = Issuer("", 0)
    register(aws, issuer)
    token = issuer.sign(claims())
    issuer.close()

    assert refusal(aws, role_of(issuer), token)[:2] == ("IDPCommunicationError", 400)


def test_an_issuer_that_never_finishes_is_left(aws: Aws, issuer: Issuer) -> None:
    """It keeps its own call waiting for a few seconds, and no other call at all."""
    served = threading.Event()

    def wait(_: str) -> bytes | None:
        served.wait(20)
        return None

    issuer.answer = wait
    began = time.monotonic()
    results: list[str] = []
    asking = threading.Thread(
        target=lambda: results.append(refusal(aws, role_of(issuer), issuer.sign(claims()))[0]), daemon=True
    )
    asking.start()
    assert aws.client("sts").get_caller_identity()["Account"] == ACCOUNT
    meanwhile = time.monotonic() - began
    asking.join(15)
    served.set()

    assert results == ["IDPCommunicationError"]
    assert meanwhile < 3
    assert time.monotonic() - began < 12


DISCOVERY, JWKS = "/.well-known/openid-configuration", "/.well-known/jwks"


@pytest.mark.parametrize(
    "documents",
    [
        {DISCOVERY: {"issuer": "https://other.example"}},
        {DISCOVERY: []},
        {JWKS: {"keys": "none"}},
        {JWKS: {"keys": [{"kty": "RSA", "kid": "first"}]}},
        {JWKS: {"keys": [{"kty": "oct", "kid": "first", "k": "AAAA"}]}},
        {JWKS: {"keys": [], "padding": "x" * 300_000}},
        {JWKS: {"keys": [{"kty": "RSA", "kid": str(number)} for number in range(101)]}},
    ],
)
def test_what_an_issuer_publishes_is_not_trusted(aws: Aws, issuer: Issuer, documents: dict[str, Any]) -> None:
    """A wrong document is a refusal, never a failure of the cloud."""
    issuer.answer = lambda path: json.dumps(documents[path]).encode() if path in documents else issuer.documents(path)

    assert refusal(aws, role_of(issuer), issuer.sign(claims()))[0] == "InvalidIdentityToken"


def test_keys_are_never_fetched_beyond_this_machine(aws: Aws, issuer: Issuer) -> None:
    """A document that points elsewhere leads nowhere."""
    elsewhere = {"issuer": issuer.url, "jwks_uri": "http://192.0.2.1/jwks"}
    issuer.answer = lambda _: json.dumps(elsewhere).encode()

    assert refusal(aws, role_of(issuer), issuer.sign(claims()))[0] == "IDPCommunicationError"
