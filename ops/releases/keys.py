"""The key pair that signs what no workflow does: in KMS, which lets nobody read one half of it."""

from __future__ import annotations

import hashlib
from typing import Any

from infra.config import Stack
from infra.names import Names
from ops.account.at_aws import left_over
from ops.account.steps import Step
from ops.doors import aws

ABSENT = frozenset({"NotFoundException"})
SPEC, USE, ALGORITHM = "ECC_NIST_P256", "SIGN_VERIFY", "ECDSA_SHA_256"


def key_step(kms: Any, names: Names) -> Step:
    """Make an environment's key where it has none."""
    tags = {**names.tags, "ManagedBy": "slipway release key"}

    def make() -> None:
        key = (
            left_over(kms, tags)
            or kms.create_key(
                Description=f"Signs the releases of {names.stem}",
                KeySpec=SPEC,
                KeyUsage=USE,
                Tags=[{"TagKey": name, "TagValue": value} for name, value in tags.items()],
            )["KeyMetadata"]["KeyId"]
        )
        kms.create_alias(AliasName=names.release_key_alias, TargetKeyId=key)

    return Step(f"key pair {names.release_key_alias}", lambda: public_half(kms, names) is not None, make)


def public_half(kms: Any, names: Names) -> bytes | None:
    """What is to be known of it (DER); None where there is no such key."""
    with aws.told(f"cannot read the public half of {names.release_key_alias}"):
        found = aws.answer(lambda: kms.get_public_key(KeyId=names.release_key_alias), unless=ABSENT)
    return bytes(found["PublicKey"]) if found else None


def sign(kms: Any, stack: Stack, message: bytes) -> bytes:
    """A signature (DER) of a message of any length."""
    alias = stack.names.release_key_alias
    with aws.told(
        f"cannot sign with {alias}", hint=f"./slipway release key {stack.environment} shows it or makes it"
    ):
        answer = kms.sign(
            KeyId=alias,
            Message=hashlib.sha256(message).digest(),
            MessageType="DIGEST",
            SigningAlgorithm=ALGORITHM,
        )
    return bytes(answer["Signature"])
