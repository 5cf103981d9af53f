"""The condition keys that every call has: who makes it, how, where and when.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam import holdings
from localcloud.aws.iam.ask import Values
from localcloud.aws.iam.document import Context
from localcloud.machine import clock

_TYPES = {"root": "Account", "user": "User", "role": "AssumedRole", "service": "Service", "anonymous": "Anonymous"}


def of_call(caller: Caller, call: Call) -> dict[str, Sequence[str]]:
    """The global keys of one call; a key that it lacks is left out."""
    now = clock.now()
    keys: dict[str, Values] = {
        "aws:CurrentTime": now.isoformat(),
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:SecureTransport": str(call.secure).lower(),
        "aws:ViaAWSService": "false",
    }
    known = {
        "aws:SourceIp": call.source_ip,
        "aws:RequestedRegion": call.region,
        "aws:UserAgent": call.headers.get("user-agent"),
        "aws:Referer": call.headers.get("referer"),
    }
    keys |= {key: value for key, value in known.items() if value}
    return normal({**keys, **of_caller(caller)})


def of_caller(caller: Caller) -> dict[str, Values]:
    """What is known of who calls."""
    keys: dict[str, Values] = {
        "aws:PrincipalType": _TYPES[caller.kind],
        "aws:PrincipalIsAWSService": str(caller.kind == "service").lower(),
        **caller.token_claims,
    }
    if caller.kind == "service":
        return {**keys, "aws:PrincipalServiceName": caller.arn}
    if caller.kind == "anonymous":
        return {**keys, "aws:userid": "anonymous"}
    keys["aws:PrincipalArn"] = caller.role_arn or caller.arn
    keys["aws:PrincipalAccount"] = caller.account
    keys["aws:userid"] = caller.user_id
    if caller.kind == "user":
        keys["aws:username"] = caller.arn.rpartition("/")[2]
    if caller.issued:
        keys["aws:TokenIssueTime"] = caller.issued.isoformat()
        keys["aws:MultiFactorAuthPresent"] = "false"
    if caller.source_identity:
        keys["aws:SourceIdentity"] = caller.source_identity
    holder = holdings.holder_of(caller)
    tags = {**(holdings.tags_of(holder) if holder else {}), **caller.session_tags}
    return keys | {f"aws:PrincipalTag/{key}": value for key, value in tags.items()}


def normal(keys: Mapping[str, Values]) -> dict[str, Sequence[str]]:
    """The keys in small letters, each with its list of values."""
    return {key.lower(): (values,) if isinstance(values, str) else values for key, values in keys.items()}


def merged(context: Context, keys: Mapping[str, Values]) -> Context:
    """The context with the keys that one ask adds."""
    return {**context, **normal(keys)} if keys else context
