"""Policy documents as IAM accepts them: their grammar, their principals and their size."""

from __future__ import annotations

import re
from typing import Any

from moto.iam import models
from moto.iam.exceptions import LimitExceededException

from localcloud.aws.iam.grammar import IdentityPolicy, TrustPolicy, invalid_principal, size
from localcloud.aws.services.iam.checking import Given, before

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
INLINE = {"user": 2048, "group": 5120, "role": 10240}  # of all inline policies together
MANAGED = 6144
TRUST = 2048
_OURS = re.compile(r"arn:aws:iam::(\d{12}):(user|role)/(.+)")


def install() -> None:
    """Put all of it in place."""
    moto: Any = models
    moto.IAMPolicyDocumentValidator = IdentityPolicy
    moto.IAMTrustPolicyDocumentValidator = TrustPolicy
    before("create_role", _trust_is_fine)
    before("update_assume_role_policy", _trust_is_fine)
    before("create_policy create_policy_version", _managed_fits)
    for holder in INLINE:
        before(f"put_{holder}_policy", _inline_fits(holder))


def _trust_is_fine(iam: Any, given: Given) -> None:
    text = str(given.get("assume_role_policy_document", given.get("policy_document")) or "")
    if given.get("linked_service"):
        return  # AWS's own
    policy = TrustPolicy(text)
    policy.validate()
    for kind, name in policy.named():
        ours = _OURS.fullmatch(name) if kind == "AWS" else None
        if ours and ours[1] == iam.account_id and name not in _arns(iam, ours[2]):
            raise invalid_principal(kind, name)
    if size(text) > TRUST:
        raise LimitExceededException(f"Cannot exceed quota for ACLSizePerRole: {TRUST}")


def _arns(iam: Any, kind: str) -> set[str]:
    return {each.arn for each in (iam.users if kind == "user" else iam.roles).values()}


def _managed_fits(_: Any, given: Given) -> None:
    IdentityPolicy(given["policy_document"]).validate()
    if size(given["policy_document"]) > MANAGED:
        raise LimitExceededException(f"Cannot exceed quota for PolicySize: {MANAGED}")


def _inline_fits(holder: str) -> Any:
    limit = INLINE[holder]

    def rule(iam: Any, given: Given) -> None:
        name = given[f"{holder}_name"]
        found = getattr(iam, f"get_{holder}")(name)
        IdentityPolicy(given["policy_json"]).validate()
        all_of_them = {**found.policies, given["policy_name"]: given["policy_json"]}
        if sum(size(text) for text in all_of_them.values()) > limit:
            raise LimitExceededException(f"Maximum policy size of {limit} bytes exceeded for {holder} {name}")

    return rule
