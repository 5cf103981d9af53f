"""IAM policy documents as values: small words to write them with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Statement = dict[str, Any]
Condition = Mapping[str, Mapping[str, Any]]


def document(*statements: Statement) -> str:
    """A whole policy, as AWS wants it."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(
    sid: str, actions: Sequence[str], resources: str | Sequence[str], condition: Condition | None = None
) -> Statement:
    return _statement("Allow", sid, actions, resources, condition)


def deny(
    sid: str, actions: Sequence[str], resources: str | Sequence[str], condition: Condition | None = None
) -> Statement:
    return _statement("Deny", sid, actions, resources, condition)


def trust_web_identity(sid: str, provider_arn: str, condition: Condition) -> Statement:
    """Who holds a token of that issuer, of which the condition is true, may take the role."""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Federated": provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }


def _statement(
    effect: str, sid: str, actions: Sequence[str], resources: str | Sequence[str], condition: Condition | None
) -> Statement:
    stated: Statement = {"Sid": sid, "Effect": effect, "Action": list(actions), "Resource": resources}
    return {**stated, "Condition": condition} if condition else stated
