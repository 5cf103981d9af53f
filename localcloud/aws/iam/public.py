"""Whether a resource's policy is public, as S3 and Secrets Manager understand it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_network
from typing import Any

from localcloud.aws.iam.document import as_list

# A fixed value of one of these keeps a statement from being public.
_NARROWING = {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
}
_BROADEST = {4: 8, 6: 32}  # the shortest prefixes of addresses that count as narrow, by the version of IP


@lru_cache(maxsize=128)
def is_public(document: str) -> bool:
    """Whether any of its statements lets in people who are not named."""
    return any(_public(statement) for statement in as_list(json.loads(document).get("Statement", [])))


def _public(statement: Mapping[str, Any]) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    if "NotPrincipal" in statement:
        return True
    principal = statement.get("Principal", {})
    named = as_list(principal.get("AWS", [])) if isinstance(principal, dict) else [principal]
    if not any("*" in str(name) for name in named):
        return False
    conditions = statement.get("Condition", {})
    return not any(_narrows(operator, keys) for operator, keys in conditions.items())


def _narrows(operator: str, keys: Mapping[str, Any]) -> bool:
    bare = operator.partition(":")[2] or operator
    if bare.startswith(("StringNot", "ArnNot", "NotIp", "Null")) or bare.endswith("IfExists"):
        return False
    for key, values in keys.items():
        if key.lower() == "aws:sourceip" and bare == "IpAddress":
            return all(_is_narrow(str(value)) for value in as_list(values))
        if key.lower() in _NARROWING and all(_is_fixed(str(value)) for value in as_list(values)):
            return True
    return False


def _is_fixed(value: str) -> bool:
    return not any(mark in value for mark in ("*", "?", "${"))


def _is_narrow(value: str) -> bool:
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= _BROADEST[network.version]
