"""The key that a service uses for its caller: asked for in the caller's name, through the service alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.requests import keys
from localcloud.aws.replies import AwsError, same

# What a service answers when its key is disabled, on its way out, or not there.
_CODES = {
    "s3": ("KMS.DisabledException", "KMS.KMSInvalidStateException", "KMS.NotFoundException"),
    "sns": ("KMSDisabled", "KMSInvalidState", "KMSNotFound"),
    "ssm": ("InvalidKeyId",) * 3,
    "ecr": ("KmsException",) * 3,
    "logs": ("InvalidParameterException",) * 3,
}
_REFUSALS = {
    "secretsmanager": same("AccessDeniedException", 400, "Access to KMS is not allowed"),
    "sns": same(
        "KMSAccessDenied", 400, "The ciphertext references a key that doesn't exist or that you don't have access to."
    ),
}


@dataclass(frozen=True)
class Use:
    """Who uses a key through which service, for what: the encryption context names it."""

    service: str
    region: str
    caller: Caller
    encryption_context: Mapping[str, str]


def asks(use: Use, key_name: str, actions: Sequence[str], **context: str) -> Iterator[Ask]:
    """The key's actions in the caller's name; then the service's own error where the key cannot be used."""
    key = keys.find(key_name, use.region, use.caller.account)
    refusal = _REFUSALS.get(use.service)
    if keys.is_managed(key_name, key):
        if use.caller.kind == "service":  # the policies of AWS's own keys name no services
            arn = keys.arn_of(key_name, use.region, use.caller.account)
            nobody = ResourcePolicy('{"Statement": []}', use.caller.account, gate=True)
            yield Ask(actions[0], arn, resource_policy=nobody, refusal=refusal)
        return
    through = {
        "kms:ViaService": f"{use.service}.{use.region}.amazonaws.com",
        **keys.encryption_context(use.encryption_context),
        **context,
    }
    for action in actions:
        yield keys.ask(action, key_name, use.region, use.caller, through, refusal=refusal)
    _check_usable(use, key_name, key, reading=list(actions) == ["kms:Decrypt"])


def _check_usable(use: Use, key_name: str, key: Any, *, reading: bool) -> None:
    name = keys.arn_of(key_name, use.region, use.caller.account)
    if key is None and use.service == "s3":
        return  # which says so itself, in more than one way
    if key is None:
        raise _unusable(use.service, 2, f"Key '{name}' does not exist", reading=reading)
    if key.key_state == "Disabled":
        raise _unusable(use.service, 0, f"{name} is disabled.", reading=reading)
    if key.key_state != "Enabled":
        raise _unusable(use.service, 1, f"{name} is pending deletion.", reading=reading)


def _unusable(service: str, problem: int, message: str, *, reading: bool) -> AwsError:
    if service != "secretsmanager":
        return same(_CODES[service][problem], 400, message)
    word = "decrypt" if reading else "encrypt"
    said = f"Secrets Manager can't {word} the protected secret text using the provided KMS key. {message}"
    return same("DecryptionFailure" if reading else "EncryptionFailure", 400, said)
