"""What a session is given beside its role: the tags of its token, the policies of the request that made it."""

from __future__ import annotations

import json

from moto.iam.models import iam_backends

from localcloud.aws.iam import holdings
from localcloud.aws.oidc import refusals
from localcloud.aws.oidc.identity import WebIdentity
from localcloud.aws.oidc.request import Request

PARTITION = "aws"
TAGS = "https://aws.amazon.com/tags"  # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html


def tags(who: WebIdentity) -> dict[str, str]:
    """The session tags that the issuer has put into the token."""
    told = who.claims.get(TAGS)
    given = told.get("principal_tags", {}) if isinstance(told, dict) else {}
    if not isinstance(given, dict):
        raise refusals.invalid()
    values = {key: value[0] if isinstance(value, list) and value else value for key, value in given.items()}
    if not all(isinstance(value, str) for value in values.values()):
        raise refusals.invalid()
    return values


def policies(asked: Request) -> tuple[str, ...]:
    """The documents that bound the session; raises MalformedPolicyDocument."""
    managed = iam_backends[asked.account][PARTITION].managed_policies
    missing = [arn for arn in asked.policy_arns if arn not in managed]
    if missing:
        raise refusals.malformed_policy(f"The policy {missing[0]} does not exist or is not attachable.")
    own = [] if asked.policy is None else [_checked(asked.policy)]
    return (*own, *(holdings.default_text(managed[arn]) for arn in asked.policy_arns))


def _checked(policy: str) -> str:
    try:
        stated = json.loads(policy)["Statement"]
    except (ValueError, TypeError, KeyError) as error:
        raise refusals.malformed_policy("The policy is not in the valid JSON format.") from error
    if not stated:
        raise refusals.malformed_policy("Syntax errors in policy.")
    return policy
