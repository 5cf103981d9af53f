"""Takes roles of the local AWS with tokens: an issuer is registered, a role trusts it, and the call is made."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.support.aws_daemon import Aws
from tests.support.tokens import AUDIENCE, Issuer, times, told

ACCOUNT = "123456789012"
ONCE = Config(signature_version=UNSIGNED, parameter_validation=False, retries={"total_max_attempts": 1})


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
    return told({"aud": AUDIENCE, "sub": "somebody", **times()}, **changes)


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
