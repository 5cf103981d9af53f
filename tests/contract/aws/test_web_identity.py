"""A role taken with a token: what is answered, how issuers' keys are found, and by which clock tokens end."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from localcloud.machine import clock
from tests.support.aws_daemon import Aws, running
from tests.support.tokens import AUDIENCE, Issuer, github, of_job, rsa, times

ACCOUNT = "123456789012"
ONCE = Config(signature_version=UNSIGNED, parameter_validation=False, retries={"total_max_attempts": 1})


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """One daemon for the file."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        yield daemon


@pytest.fixture
def issuer(aws: Aws) -> Iterator[Issuer]:
    """An issuer of its own for each test, registered, with a role that trusts it."""
    made = Issuer("", 0)
    register(aws, made)
    yield made
    made.close()


def register(aws: Aws, issuer: Issuer, role: str | None = None) -> None:
    """IAM's provider for an issuer, and a role for whoever it speaks of."""
    name = issuer.url.partition("://")[2]
    iam = aws.client("iam")
    made = iam.create_open_id_connect_provider(Url=issuer.url, ClientIDList=[AUDIENCE])
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": made["OpenIDConnectProviderArn"]},
        "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        "Condition": {"StringEquals": {f"{name}:aud": AUDIENCE}},
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_role(RoleName=role or role_of(issuer), AssumeRolePolicyDocument=trust)


def role_of(issuer: Issuer) -> str:
    """The role's name."""
    return f"of-{issuer.server.server_port}"


def claims(**changes: Any) -> dict[str, Any]:
    """Of somebody."""
    return {"aud": AUDIENCE, "sub": "somebody", **times(), **changes}


def take(aws: Aws, role: str, token: str, **options: Any) -> dict[str, Any]:
    """The call, as SDKs make it: unsigned."""
    sts = aws.client("sts", config=ONCE)
    answer: dict[str, Any] = sts.assume_role_with_web_identity(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}", RoleSessionName="session", WebIdentityToken=token, **options
    )
    return answer


def refusal(aws: Aws, role: str, token: str, **options: Any) -> tuple[str, int, str]:
    """The code, the status and the words with which it is refused."""
    with pytest.raises(ClientError) as error:
        take(aws, role, token, **options)
    said = error.value.response
    return said["Error"]["Code"], said["ResponseMetadata"]["HTTPStatusCode"], said["Error"]["Message"]


def test_the_answer_names_who_came_and_by_whom(aws: Aws, issuer: Issuer) -> None:
    """The credentials work, as the session of the role."""
    answer = take(aws, role_of(issuer), issuer.sign(claims()), DurationSeconds=900)

    name = issuer.url.partition("://")[2]
    assert answer["SubjectFromWebIdentityToken"] == "somebody"
    assert answer["Audience"] == AUDIENCE
    assert answer["Provider"] == f"arn:aws:iam::{ACCOUNT}:oidc-provider/{name}"
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{role_of(issuer)}/session"
    assert "PackedPolicySize" not in answer
    ends = answer["Credentials"]["Expiration"] - datetime.now(UTC)
    assert timedelta(minutes=14) < ends <= timedelta(minutes=15)
    me = aws.client("sts", answer["Credentials"]).get_caller_identity()
    assert (me["Arn"], me["UserId"]) == (answer["AssumedRoleUser"]["Arn"], answer["AssumedRoleUser"]["AssumedRoleId"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"aud": "other"}, ("InvalidIdentityToken", 400, "Incorrect token audience")),
        ({"sub": None}, ("InvalidIdentityToken", 400, "Missing a required claim: sub")),
        (
            {"iss": "https://nobody.example"},
            (
                "InvalidIdentityToken",
                400,
                "No OpenIDConnect provider found in your account for https://nobody.example",
            ),
        ),
    ],
)
def test_refusals_are_in_awss_words(
    aws: Aws, issuer: Issuer, changes: dict[str, Any], expected: tuple[str, int, str]
) -> None:
    """Code, status and message, as clients show them."""
    token = issuer.sign({name: value for name, value in claims(**changes).items() if value is not None})

    assert refusal(aws, role_of(issuer), token) == expected


def test_a_role_that_is_not_there_is_refused_as_one_that_does_not_trust(aws: Aws, issuer: Issuer) -> None:
    """Nobody learns which roles there are."""
    expected = ("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity")

    assert refusal(aws, "none", issuer.sign(claims())) == expected


def test_every_wrong_parameter_is_told_at_once(aws: Aws, issuer: Issuer) -> None:
    """As AWS counts them."""
    code, status, message = refusal(aws, role_of(issuer), issuer.sign(claims()), Policy="x" * 2049, DurationSeconds=9)

    assert (code, status, message[:28]) == ("ValidationError", 400, "2 validation errors detected")


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


def test_what_no_client_sends_is_refused_and_not_a_failure(aws: Aws) -> None:
    """Half a request, and one whose token is no text."""
    for body in (b"Action=AssumeRoleWithWebIdentity", b"Action=AssumeRoleWithWebIdentity&WebIdentityToken=\xff"):
        head = f"POST / HTTP/1.1\r\nHost: sts\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        with socket.create_connection(("127.0.0.1", aws.port("aws")), timeout=5) as line:
            line.sendall(head.encode() + body)
            answer = line.recv(65536)
        assert answer.split()[1] == b"400"


def test_a_session_tag_of_the_token_needs_to_be_trusted(aws: Aws, issuer: Issuer) -> None:
    """`sts:TagSession` is asked for as well, as is `sts:SetSourceIdentity`; a tag that is no text is refused."""
    tags = {"https://aws.amazon.com/tags": {"principal_tags": {"team": ["exams"]}}}
    nonsense = {"https://aws.amazon.com/tags": {"principal_tags": {"team": 7}}}
    source = {"https://aws.amazon.com/source_identity": "somebody"}

    assert take(aws, role_of(issuer), issuer.sign(claims(**tags)))["Credentials"]
    assert refusal(aws, role_of(issuer), issuer.sign(claims(**nonsense)))[0] == "InvalidIdentityToken"
    assert refusal(aws, role_of(issuer), issuer.sign(claims(**source)))[0] == "AccessDenied"


def test_tokens_and_their_sessions_end_by_the_clouds_clock(tmp_path: Path) -> None:
    """An hour later both are over; the end that clients are told is by their own clock."""
    with running(tmp_path) as aws:
        issuer = github(tmp_path)
        register(aws, issuer, "deploy")
        token = issuer.sign(of_job())
        before = take(aws, "deploy", token)["Credentials"]
        with mock.patch.dict("os.environ", {"SLIPWAY_ROOT": str(tmp_path)}):
            clock.forward(datetime.now(UTC) + timedelta(hours=2))
            moved = int(clock.now().timestamp())

        assert refusal(aws, "deploy", token)[0] == "ExpiredTokenException"
        with pytest.raises(ClientError, match="ExpiredToken"):
            aws.client("sts", before).get_caller_identity()
        after = take(aws, "deploy", issuer.sign(of_job(iat=moved, nbf=moved, exp=moved + 300)))["Credentials"]
        assert aws.client("sts", after).get_caller_identity()["Account"] == ACCOUNT
        assert timedelta(minutes=55) < after["Expiration"] - datetime.now(UTC) <= timedelta(hours=1)
        issuer.close()
