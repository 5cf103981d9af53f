"""What AssumeRoleWithWebIdentity is asked with; its model has been checked by then.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from localcloud.aws.call import Call
from localcloud.aws.iam.requests.reading import parameters
from localcloud.aws.oidc.refusals import invalid, no_role

HOUR = 3600
_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/.+")


@dataclass(frozen=True)
class Request:
    """The parameters."""

    role_arn: str
    account: str
    session_name: str
    token: str = field(repr=False)
    seconds: int
    policy: str | None
    policy_arns: Sequence[Mapping[str, str]]


def read(call: Call) -> Request:
    """The request in a call; raises AwsError for an ARN of no role, and for a token that is no OpenID Connect's."""
    given = parameters(call)
    role = _ROLE.fullmatch(given["RoleArn"])
    if role is None:
        raise no_role(given["RoleArn"])
    if "ProviderId" in given:  # of OAuth 2.0 access tokens alone
        raise invalid("Provided Token is not a Login With Amazon token")
    return Request(
        role_arn=role[0],
        account=role[1],
        session_name=given["RoleSessionName"],
        token=given["WebIdentityToken"],
        seconds=int(given.get("DurationSeconds", HOUR)),
        policy=given.get("Policy"),
        policy_arns=given.get("PolicyArns", ()),
    )
