"""STS: a role is assumed where its trust policy lets the caller in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.requests.reading import (
    Context,
    account_of,
    pairs,
    parameters,
    request_tags,
    resource_tags,
    without_nothing,
)
from localcloud.aws.replies import same

# Everybody may, or who may is found out from a token and not from a policy of the caller's.
_UNASKED = (
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "GetCallerIdentity",
    "GetSessionToken",
)
_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.")
_NOBODY = '{"Statement": []}'  # of a role that is not there; it must not be told from one that says no


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """Tags and the source identity of a session have rights of their own, which the trust policy gives too."""
    if call.action in _UNASKED:
        return
    if call.action != "AssumeRole":
        yield Ask(f"sts:{call.action}")
        return
    given = parameters(call)
    arn = str(given.get("RoleArn", ""))
    if not _ARN.match(arn):
        raise same("ValidationError", 400, f"{arn} is invalid")
    role = _role(arn)
    document = str(role.assume_role_policy_document) if role else _NOBODY
    policy = ResourcePolicy(document, account_of(arn) or caller.account, gate=True)
    context = _context(given, role)
    yield Ask("sts:AssumeRole", arn, context, policy)
    if given.get("Tags"):
        yield Ask("sts:TagSession", arn, context, policy)
    if given.get("SourceIdentity"):
        yield Ask("sts:SetSourceIdentity", arn, context, policy)


def _context(given: dict[str, Any], role: Any) -> Context:
    said = {
        "sts:ExternalId": given.get("ExternalId"),
        "sts:RoleSessionName": given.get("RoleSessionName"),
        "sts:SourceIdentity": given.get("SourceIdentity"),
        "sts:TransitiveTagKeys": given.get("TransitiveTagKeys"),
        "sts:DurationSeconds": given.get("DurationSeconds"),
    }
    tags = pairs(role.tags) if role else {}
    return without_nothing(said) | request_tags(pairs(given.get("Tags"))) | resource_tags(tags, "iam")


def _role(arn: str) -> Any:
    from moto.iam.models import iam_backends

    account = account_of(arn)
    if not account or account not in iam_backends:
        return None
    return next((role for role in iam_backends[account]["aws"].roles.values() if role.arn == arn), None)
