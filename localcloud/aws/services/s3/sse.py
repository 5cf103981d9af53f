"""How an object is encrypted: as its request says, else as its bucket does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PREFIX = "x-amz-server-side-encryption"


@dataclass(frozen=True)
class Encryption:
    """Of one object."""

    algorithm: str
    key_id: str | None = None
    bucket_key: bool = False

    @property
    def by_kms(self) -> bool:
        """Whether a key of KMS is used; the ETag is no MD5 then."""
        return self.algorithm.startswith("aws:kms")

    @property
    def shown(self) -> dict[str, Any]:
        """As the model's answers have it."""
        shown: dict[str, Any] = {"ServerSideEncryption": self.algorithm}
        if self.by_kms:
            shown |= {"SSEKMSKeyId": self.key_id, "BucketKeyEnabled": self.bucket_key or None}
        return shown


def encryption_of_new(headers: Mapping[str, str], bucket: Any) -> Encryption:
    """What an object that a request makes is encrypted with."""
    rule = bucket.encryption["Rule"]
    default = rule["ApplyServerSideEncryptionByDefault"]
    algorithm = headers.get(_PREFIX) or default["SSEAlgorithm"]
    key_id = headers.get(f"{_PREFIX}-aws-kms-key-id")
    if key_id is None and algorithm == default["SSEAlgorithm"]:
        key_id = default.get("KMSMasterKeyID")
    bucket_key = headers.get(f"{_PREFIX}-bucket-key-enabled", str(rule.get("BucketKeyEnabled", "false")))
    return Encryption(algorithm, key_id, bucket_key.lower() == "true")
