"""What AssumeRole gives a session beside its role: policies that bound it, tags, and whose it really is.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.models import Role, iam_backends

from localcloud.aws.caller import Caller
from localcloud.aws.iam import holdings
from localcloud.aws.iam.grammar import IdentityPolicy, size
from localcloud.aws.replies import AwsError, same
from localcloud.aws.services.iam import managed

LONGEST = 2048  # characters of the policies together, as they are packed
TAGS = 50


@dataclass(frozen=True)
class Session:
    """What the request asks for, checked."""

    policies: tuple[str, ...]
    tags: Mapping[str, str]
    transitive: tuple[str, ...]
    source_identity: str | None
    packed: int | None  # in per cent of what AWS allots; None where there is nothing to pack


def asked(me: Caller, role: Role, given: Mapping[str, Any]) -> Session:
    """Read the parameters of AssumeRole; a session that assumes the next role hands its transitive tags on.

    Raises AwsError: no policy, too much of it, a tag of AWS's or one that is handed on and given again.
    """
    policies = tuple(_policies(role, given.get("Policy"), given.get("PolicyArns") or ()))
    tags = _tags(given.get("Tags") or ())
    handed_on = {key: value for key, value in me.session_tags.items() if key in me.transitive_tags}
    if again := {key.lower() for key in tags} & {key.lower() for key in handed_on}:
        raise _invalid(f"One of the specified transitive tag keys can't be set because it conflicts: {sorted(again)}")
    keys = tuple(given.get("TransitiveTagKeys") or ())
    if missing := [key for key in keys if key not in tags]:
        raise _invalid(f"The specified transitive tag key must be included in the requested tags: {missing[0]}")
    source = given.get("SourceIdentity") or me.source_identity
    if me.source_identity and source != me.source_identity:
        message = f"User: {me.arn} is not authorized to perform: sts:SetSourceIdentity on resource: {role.arn}"
        raise same("AccessDenied", 403, message)
    packed = _packed(policies, tags, given)
    return Session(policies, {**handed_on, **tags}, (*handed_on, *keys), source, packed)


def _policies(role: Role, own: str | None, arns: Sequence[Mapping[str, str]]) -> Any:
    if own is not None:
        try:
            IdentityPolicy(own).validate()
        except MalformedPolicyDocument as error:
            raise same("MalformedPolicyDocument", 400, str(error.message)) from error
        yield own
    iam = iam_backends[role.account_id][holdings.PARTITION]
    for each in arns:
        policy = managed.provide(iam, each["arn"])
        if policy is None:
            raise _invalid(f"PolicyArn {each['arn']} does not exist or is not attachable.")
        yield holdings.default_text(policy)


def _tags(given: Sequence[Mapping[str, str]]) -> dict[str, str]:
    tags = {tag["Key"]: tag.get("Value", "") for tag in given}
    if len({key.lower() for key in tags}) < len(given):
        raise _invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.", "InvalidInput")
    if any(re.match("aws:", key, re.IGNORECASE) for key in tags):
        raise _invalid("Tag keys beginning with aws: are reserved for system use.")
    return tags


def _packed(policies: Sequence[str], tags: Mapping[str, str], given: Mapping[str, Any]) -> int | None:
    """AWS packs in a way of its own; here each character counts as one of the policies' 2,048."""
    arns = sum(len(each["arn"]) for each in given.get("PolicyArns") or ())
    own = size(policies[0]) if given.get("Policy") else 0
    pairs = sum(len(key) + len(value) for key, value in tags.items())
    used = max(own + arns, pairs // 4)
    per_cent = -(-100 * used // LONGEST)
    if per_cent > 100:
        message = f"Packed size of session tags consumes {per_cent}% of allotted space."
        raise same("PackedPolicyTooLarge", 400, message)
    return per_cent or None


def _invalid(message: str, code: str = "ValidationError") -> AwsError:
    return same(code, 400, message)
