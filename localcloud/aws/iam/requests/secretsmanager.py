"""Secrets Manager: secrets by name, ARN or the beginning of an ARN, with their resource policies and keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam import public, resource_policy
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.requests import seal
from localcloud.aws.iam.requests.reading import (
    Context,
    arn,
    pairs,
    parameters,
    request_tags,
    resource_tags,
    without_nothing,
)
from localcloud.aws.iam.resource_policy import MalformedError, Rules
from localcloud.aws.replies import same

_FOR_ALL = ("BatchGetSecretValue", "GetRandomPassword", "ListSecrets")
_RULES = Rules.of("secretsmanager")
_WORDS = {
    "action": "This resource policy contains an unsupported action.",
    "principal": "This resource policy contains an unsupported principal.",
    "resource": "This resource policy contains an unsupported resource.",
    "unknown principal": "This resource policy contains an unsupported principal.",
}
_DATA_KEY, _DECRYPT = "kms:GenerateDataKey", "kms:Decrypt"
_SUFFIX = "-??????"  # AWS adds six characters to a name; of a secret that is not there nobody knows which


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """What is done to the secret, and the key that its value is sealed with."""
    given = parameters(call)
    context = _context(given)
    if call.action in _FOR_ALL:
        yield Ask(f"secretsmanager:{call.action}", "*", context)
        if call.action == "BatchGetSecretValue":
            for name in given.get("SecretIdList") or ():
                yield _ask("GetSecretValue", call, caller, str(name), context)
                yield from _unseal(call, caller, str(name))
        return
    if call.action == "CreateSecret":
        yield from _create(call, caller, given, context)
        return
    name = str(given.get("SecretId", ""))
    yield _ask(call.action, call, caller, name, context)
    if call.action == "PutResourcePolicy":
        _check_policy(str(given.get("ResourcePolicy", "")), block_public=bool(given.get("BlockPublicPolicy")))
    elif call.action == "GetSecretValue":
        yield from _unseal(call, caller, name)
    elif call.action in ("PutSecretValue", "UpdateSecret") and _has_value(given):
        secret = _secret(call, caller, name)
        key = given.get("KmsKeyId") or getattr(secret, "kms_key_id", None)
        yield from _key(call, caller, _arn(call, caller, name), key, [_DATA_KEY, _DECRYPT])


def _check_policy(text: str, *, block_public: bool) -> None:
    try:
        resource_policy.check(text, _RULES)
    except MalformedError as problem:
        said = _WORDS.get(problem.fault, "This resource policy contains a syntax error.")
        raise same("MalformedPolicyDocumentException", 400, said) from problem
    if block_public and public.is_public(text):
        said = "This resource policy did not prevent broad access to the secret."
        raise same("PublicPolicyException", 400, f"The BlockPublicPolicy parameter is set to true. {said}")


def _create(call: Call, caller: Caller, given: dict[str, Any], context: Context) -> Iterator[Ask]:
    resource = arn("secretsmanager", call, caller, f"secret:{given.get('Name', '')}{_SUFFIX}")
    yield Ask("secretsmanager:CreateSecret", resource, context)
    if given.get("Tags"):
        yield Ask("secretsmanager:TagResource", resource, context)
    if _has_value(given):
        yield from _key(call, caller, resource, given.get("KmsKeyId"), [_DATA_KEY, _DECRYPT])


def _ask(action: str, call: Call, caller: Caller, name: str, context: Context) -> Ask:
    secret, resource = _secret(call, caller, name), _arn(call, caller, name)
    said = context | {"secretsmanager:SecretId": resource}
    if secret is None:
        return Ask(f"secretsmanager:{action}", resource, said)
    said |= resource_tags(pairs(secret.tags), "secretsmanager")
    said |= {"secretsmanager:SecretPrimaryRegion": call.region}
    policy = ResourcePolicy(secret.policy, caller.account) if getattr(secret, "policy", None) else None
    return Ask(f"secretsmanager:{action}", resource, said, policy)


def _unseal(call: Call, caller: Caller, name: str) -> Iterator[Ask]:
    secret = _secret(call, caller, name)
    if secret is not None:
        yield from _key(call, caller, secret.arn, secret.kms_key_id, [_DECRYPT])


def _key(call: Call, caller: Caller, resource: str, key: str | None, actions: list[str]) -> Iterator[Ask]:
    use = seal.Use("secretsmanager", call.region, caller, {"SecretARN": resource})
    yield from seal.asks(use, key or "alias/aws/secretsmanager", actions)


def _secret(call: Call, caller: Caller, name: str) -> Any:
    from moto.secretsmanager.models import secretsmanager_backends

    return secretsmanager_backends[caller.account][call.region].secrets.get(name)


def _arn(call: Call, caller: Caller, name: str) -> str:
    secret = _secret(call, caller, name)
    if secret is not None:
        return str(secret.arn)
    return name if name.startswith("arn:") else arn("secretsmanager", call, caller, f"secret:{name}{_SUFFIX}")


def _has_value(given: dict[str, Any]) -> bool:
    return given.get("SecretString") is not None or given.get("SecretBinary") is not None


def _context(given: dict[str, Any]) -> Context:
    said = {
        "secretsmanager:Name": given.get("Name"),
        "secretsmanager:Description": given.get("Description"),
        "secretsmanager:KmsKeyId": given.get("KmsKeyId"),
        "secretsmanager:VersionId": given.get("VersionId"),
        "secretsmanager:VersionStage": given.get("VersionStage"),
        "secretsmanager:RecoveryWindowInDays": given.get("RecoveryWindowInDays"),
        "secretsmanager:ForceDeleteWithoutRecovery": given.get("ForceDeleteWithoutRecovery"),
        "secretsmanager:BlockPublicPolicy": given.get("BlockPublicPolicy"),
        "secretsmanager:AddReplicaRegions": [each["Region"] for each in given.get("AddReplicaRegions") or ()] or None,
    }
    return without_nothing(said) | request_tags(pairs(given.get("Tags")), given.get("TagKeys") or ())
