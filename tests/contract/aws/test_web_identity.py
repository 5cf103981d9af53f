"""A role taken with a token: what is answered, what is refused, and by which clock tokens end."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from botocore.exceptions import ClientError

from localcloud.machine import clock
from tests.support.aws_daemon import Aws, running
from tests.support.tokens import AUDIENCE, Issuer, github, of_job
from tests.support.web_identity import ACCOUNT, claims, refusal, register, role_of, take


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
    token = issuer.sign(claims(**changes))

    assert refusal(aws, role_of(issuer), token) == expected


def test_a_role_that_is_not_there_is_refused_as_one_that_does_not_trust(aws: Aws, issuer: Issuer) -> None:
    """Nobody learns which roles there are."""
    expected = ("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity")

    assert refusal(aws, "none", issuer.sign(claims())) == expected


def test_every_wrong_parameter_is_told_at_once(aws: Aws, issuer: Issuer) -> None:
    """As AWS counts them."""
    code, status, message = refusal(aws, role_of(issuer), issuer.sign(claims()), Policy="x" * 2049, DurationSeconds=9)

    assert (code, status, message[:28]) == ("ValidationError", 400, "2 validation errors detected")


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
