"""The KMS keys that calls name, and what policies know of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.requests.reading import Context, account_of, pairs, resource_tags

KEY_BYTES = 36  # moto's ciphertext begins with the id of its key
# Operations without an encryption context, which a grant's constraints do not bind.
# https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
_UNBOUND = ("DescribeKey", "GetPublicKey", "Sign", "Verify", "GenerateMac", "VerifyMac", "DeriveSharedSecret")
_OF_AWS = "alias/aws/"  # keys that AWS manages: everybody in the account uses them, through their service alone


def find(name: str, region: str, account: str) -> Any:
    """The key of that id, alias or ARN; None where the account has none."""
    region, account = _place(name, region, account)
    local = name.rpartition("alias/")[2] if "alias/" in name else name.rpartition("/")[2]
    backend = _backend(account, region)
    if backend is None:
        return None
    if "alias/" in name:
        return next((key for key in backend.keys.values() if f"alias/{local}" in key.aliases), None)
    return backend.keys.get(local)


def arn_of(name: str, region: str, account: str) -> str:
    """The ARN that the name stands for, also where there is no such key."""
    key = find(name, region, account)
    if key is not None:
        return str(key.arn)
    region, account = _place(name, region, account)
    kind = name if name.startswith("alias/") else f"key/{name}"
    return name if name.startswith("arn:") else f"arn:aws:kms:{region}:{account}:{kind}"


def is_managed(name: str, key: Any) -> bool:
    """Whether it is one of AWS's own."""
    return _OF_AWS in name or (key is not None and any(alias.startswith(_OF_AWS) for alias in key.aliases))


def ask(action: str, name: str, region: str, caller: Caller, context: Mapping[str, Any], **more: Any) -> Ask:
    """One action on a key: by its policy, by the account's where that allows it, or by a grant."""
    key = find(name, region, caller.account)
    resource = arn_of(name, region, caller.account)
    said: Context = {**({} if caller.kind == "service" else {"kms:CallerAccount": caller.account}), **context}
    if key is None:
        return Ask(action, resource, said, **more)
    policy = ResourcePolicy(key.policy, key.account_id, gate=True)
    granted = any(_grants(grant, action, caller, said) for grant in key.grants.values())
    return Ask(action, resource, said | _of_key(key), policy, granted, **more)


def encryption_context(pairs: Mapping[str, str]) -> Context:
    """The condition keys of an encryption context."""
    keys: Context = {"kms:EncryptionContextKeys": list(pairs)} if pairs else {}
    return keys | {f"kms:EncryptionContext:{key}": value for key, value in pairs.items()}


def is_principal(name: str | None, caller: Caller) -> bool:
    """Whether a grant's principal is the caller: itself, its role, or its account as a whole."""
    account = (caller.account, f"arn:aws:iam::{caller.account}:root")
    return bool(name) and name in (caller.arn, caller.role_arn, caller.user_id, *account)


def _grants(grant: Any, action: str, caller: Caller, context: Context) -> bool:
    operation = action.removeprefix("kms:")
    if operation == "RetireGrant" or not is_principal(grant.grantee_principal, caller):
        return False
    if operation not in (grant.operations or ()):
        return False
    if operation in _UNBOUND:
        return True
    sent = {
        name.removeprefix("kms:EncryptionContext:"): value
        for name, value in context.items()
        if name.startswith("kms:EncryptionContext:")
    }
    constraints = grant.constraints or {}
    exactly, at_least = constraints.get("EncryptionContextEquals"), constraints.get("EncryptionContextSubset")
    if exactly is not None and exactly != sent:
        return False
    return at_least is None or at_least.items() <= sent.items()


def _of_key(key: Any) -> Context:
    tags = _backend(key.account_id, key.region).tagger.get_tag_dict_for_resource(key.id)
    said: Context = {
        "kms:KeySpec": key.key_spec,
        "kms:KeyUsage": key.key_usage,
        "kms:KeyOrigin": key.origin,
        "kms:MultiRegion": "true" if key.multi_region else "false",
    }
    aliases: Context = {"kms:ResourceAliases": list(key.aliases)} if key.aliases else {}
    return said | aliases | resource_tags(pairs(tags), "kms")


def _place(name: str, region: str, account: str) -> tuple[str, str]:
    return (name.split(":")[3], account_of(name)) if name.startswith("arn:") else (region, account)


def _backend(account: str, region: str) -> Any:
    from moto.kms.models import kms_backends

    if account not in kms_backends or region not in kms_backends[account]:
        return None
    return kms_backends[account][region]
