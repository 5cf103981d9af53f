"""KMS: every operation on a key goes through the key's policy; grants are a second way in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.requests import key_policy, keys
from localcloud.aws.iam.requests.reading import Context, arn, pairs, parameters, request_tags, without_nothing

# Operations that are on no key, and those that are on an alias as well.
_ON_NO_KEY = (
    "CreateCustomKeyStore",
    "CreateKey",
    "DeleteCustomKeyStore",
    "DescribeCustomKeyStores",
    "GenerateRandom",
    "ListAliases",
    "ListKeys",
    "ListRetirableGrants",
)
_ON_ALIAS = ("CreateAlias", "DeleteAlias", "UpdateAlias")


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """An operation on two keys asks for both."""
    given = parameters(call)
    context = _context(call, given)
    if call.action == "CreateKey":
        yield from _create(caller, given, context)
    elif call.action in _ON_NO_KEY:
        yield Ask(f"kms:{call.action}", "*", context)
    elif call.action in _ON_ALIAS:
        yield from _alias(call, caller, given, context)
    elif call.action == "ReEncrypt":
        source = given.get("SourceKeyId") or _key_of(given.get("CiphertextBlob"))
        for action, name, sent in (
            ("kms:ReEncryptFrom", source, given.get("SourceEncryptionContext")),
            ("kms:ReEncryptTo", given.get("DestinationKeyId"), given.get("DestinationEncryptionContext")),
        ):
            yield _on_key(action, str(name), call, caller, context | keys.encryption_context(sent or {}))
    elif call.action == "RetireGrant":
        yield from _retire(call, caller, given, context)
    else:
        name = str(given.get("KeyId") or _key_of(given.get("CiphertextBlob")))
        yield _on_key(f"kms:{call.action}", name, call, caller, context)
        if call.action == "PutKeyPolicy":
            key_policy.check(str(given.get("Policy", "")), caller, bypass=_bypasses(given))


def _create(caller: Caller, given: dict[str, Any], context: Context) -> Iterator[Ask]:
    yield Ask("kms:CreateKey", "*", context)
    if given.get("Tags"):
        yield Ask("kms:TagResource", "*", context)
    if given.get("Policy"):
        key_policy.check(str(given["Policy"]), caller, bypass=_bypasses(given))


def _alias(call: Call, caller: Caller, given: dict[str, Any], context: Context) -> Iterator[Ask]:
    """On the alias by the account's policies, and on each key that it names before and after."""
    action, alias = f"kms:{call.action}", str(given.get("AliasName", ""))
    yield Ask(action, arn("kms", call, caller, alias), context)
    names = [alias] if call.action != "CreateAlias" else []
    names += [str(given["TargetKeyId"])] if given.get("TargetKeyId") else []
    for name in names:
        if keys.find(name, call.region, caller.account) is not None:
            yield _on_key(action, name, call, caller, context)


def _retire(call: Call, caller: Caller, given: dict[str, Any], context: Context) -> Iterator[Ask]:
    """Whom the grant names for it needs no policy; anybody else needs the key's."""
    for key, grant in _grants(call, caller):
        if grant.token == given.get("GrantToken") or grant.id == given.get("GrantId"):
            retiring = keys.is_principal(grant.retiring_principal, caller)
            own = "RetireGrant" in grant.operations and keys.is_principal(grant.grantee_principal, caller)
            if not (retiring or own):
                yield _on_key("kms:RetireGrant", key.arn, call, caller, context)
            return
    yield Ask("kms:RetireGrant", str(given.get("KeyId") or "*"), context)


def _on_key(action: str, name: str, call: Call, caller: Caller, context: Context) -> Ask:
    alias: Context = {"kms:RequestAlias": f"alias/{name.rpartition('alias/')[2]}"} if "alias/" in name else {}
    return keys.ask(action, name, call.region, caller, context | alias)


def _context(call: Call, given: dict[str, Any]) -> Context:
    constraints = given.get("Constraints") or {}
    said = {
        "kms:BypassPolicyLockoutSafetyCheck": _bypasses(given)
        if call.action in ("CreateKey", "PutKeyPolicy")
        else None,
        "kms:EncryptionAlgorithm": given.get("EncryptionAlgorithm", "SYMMETRIC_DEFAULT")
        if call.action in ("Encrypt", "Decrypt", "ReEncrypt")
        else None,
        "kms:SigningAlgorithm": given.get("SigningAlgorithm"),
        "kms:MessageType": given.get("MessageType"),
        "kms:DataKeyPairSpec": given.get("KeyPairSpec"),
        "kms:ScheduleKeyDeletionPendingWindowInDays": given.get("PendingWindowInDays"),
        "kms:RotationPeriodInDays": given.get("RotationPeriodInDays"),
        "kms:GranteePrincipal": given.get("GranteePrincipal"),
        "kms:RetiringPrincipal": given.get("RetiringPrincipal"),
        "kms:GrantOperations": given.get("Operations"),
        "kms:GrantConstraintType": next(iter(constraints), None),
        "kms:GrantIsForAWSResource": False if call.action in ("CreateGrant", "ListGrants", "RevokeGrant") else None,
    }
    if call.action == "CreateKey":
        said |= {
            "kms:KeySpec": given.get("KeySpec", "SYMMETRIC_DEFAULT"),
            "kms:KeyUsage": given.get("KeyUsage", "ENCRYPT_DECRYPT"),
            "kms:KeyOrigin": given.get("Origin", "AWS_KMS"),
            "kms:MultiRegion": bool(given.get("MultiRegion")),
        }
    tags = request_tags(pairs(given.get("Tags")), given.get("TagKeys") or ())
    return without_nothing(said) | tags | keys.encryption_context(given.get("EncryptionContext") or {})


def _bypasses(given: dict[str, Any]) -> bool:
    return bool(given.get("BypassPolicyLockoutSafetyCheck"))


def _key_of(ciphertext: bytes | None) -> str:
    return (ciphertext or b"")[: keys.KEY_BYTES].decode("ascii", "replace")


def _grants(call: Call, caller: Caller) -> Iterator[tuple[Any, Any]]:
    from moto.kms.models import kms_backends

    for key in kms_backends[caller.account][call.region].keys.values():
        for grant in key.grants.values():
            yield key, grant
