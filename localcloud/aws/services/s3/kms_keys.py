"""The KMS key that an object is encrypted with: found by any of its names, and able to encrypt."""

from __future__ import annotations

from typing import Any

from moto.kms.models import kms_backends

from localcloud.aws.replies import same

S3_OWN = "alias/aws/s3"  # made by AWS in each account when first needed


def usable(name: str | None, account: str, region: str) -> str:
    """The ARN of a key that can be used now. AwsError for one that is not there, is disabled or on its way out."""
    backend: Any = kms_backends[account][region]
    key = _key(backend, name or S3_OWN, account, region)
    if key.key_usage != "ENCRYPT_DECRYPT" or key.key_spec != "SYMMETRIC_DEFAULT":
        raise same("KMS.InvalidKeyUsageException", 400, f"{key.arn} key usage is {key.key_usage}.")
    if key.key_state == "Disabled":
        raise same("KMS.DisabledException", 400, f"{key.arn} is disabled.")
    if key.key_state != "Enabled":
        raise same("KMS.KMSInvalidStateException", 400, f"{key.arn} is pending deletion.")
    return str(key.arn)


def _key(backend: Any, name: str, account: str, region: str) -> Any:
    parts = name.split(":", 5)
    if name.startswith("arn:") and (len(parts) < 6 or parts[2:4] != ["kms", region]):
        raise same("KMS.NotFoundException", 400, f"Invalid arn {region}")
    short = parts[-1].removeprefix("key/")
    if short == S3_OWN:
        key = backend.keys.get(backend.get_key_id_from_alias(short))
    elif short.startswith("alias/"):
        key = next((each for each in backend.keys.values() if short in each.aliases), None)
    else:
        key = backend.keys.get(short)
    if key is None or (name.startswith("arn:") and parts[4] != account):
        kind = "Alias" if short.startswith("alias/") else "Key"
        path = short if kind == "Alias" else f"key/{short}"
        raise same("KMS.NotFoundException", 400, f"{kind} 'arn:aws:kms:{region}:{account}:{path}' does not exist")
    return key
