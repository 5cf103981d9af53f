"""Server-side encryption: what a bucket's default may say, and what an object is encrypted with when it is written.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.aws.services.s3 import customer_keys, kms_keys
from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.errors import invalid_argument, malformed_xml

_HEADER = "x-amz-server-side-encryption"
_KEY, _CONTEXT = f"{_HEADER}-aws-kms-key-id", f"{_HEADER}-context"
_BUCKET_KEY = f"{_HEADER}-bucket-key-enabled"
_KMS = ("aws:kms", "aws:kms:dsse")
ALGORITHMS = ("AES256", *_KMS)
NEW = {  # of every new bucket since 2023
    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]
}


@dataclass(frozen=True)
class Encryption:
    """Of one object, or of the upload that becomes one."""

    algorithm: str | None  # absent with a customer's key
    key: str | None = None
    bucket_key: bool = False
    customer_key: customer_keys.CustomerKey | None = None

    @classmethod
    def of(cls, ask: Ask) -> Encryption:
        """What a request asks for, once `on_write` has filled in what it leaves to the bucket."""
        customer_key = customer_keys.of(ask)
        if customer_key:
            return cls(None, customer_key=customer_key)
        said = ask.headers
        return cls(said.get(_HEADER, "AES256"), said.get(_KEY), said.get(_BUCKET_KEY) == "true")

    @classmethod
    def of_object(cls, version: Any) -> Encryption:
        """What a version is encrypted with, as moto's objects keep it."""
        return cls(version.encryption, version.kms_key_id, bool(version.bucket_key_enabled), version.customer_key)

    @property
    def by_kms(self) -> bool:
        """Whether a key of KMS is used."""
        return self.algorithm in _KMS

    @property
    def is_opaque(self) -> bool:
        """Whether the ETag is no MD5 of the body."""
        return self.by_kms or self.customer_key is not None

    @property
    def shown(self) -> dict[str, Any]:
        """What S3 says of it, whenever the object is written or read."""
        if self.customer_key:
            return {"SSECustomerAlgorithm": "AES256", "SSECustomerKeyMD5": self.customer_key.md5}
        key = self.key if self.by_kms else None
        bucket_key = True if self.bucket_key and self.algorithm == "aws:kms" else None
        return {"ServerSideEncryption": self.algorithm, "SSEKMSKeyId": key, "BucketKeyEnabled": bucket_key}


def of_new(headers: Mapping[str, str], bucket: Any) -> Encryption:
    """What an object that a request makes is to be encrypted with, while nothing of the request is checked yet."""
    default, key, bucket_key = _default(bucket)
    algorithm = headers.get(_HEADER, default)
    if _KEY in headers or algorithm != default:
        key = headers.get(_KEY)
    said = headers.get(_BUCKET_KEY)
    return Encryption(algorithm, key, bucket_key if said is None else said.lower() == "true")


def check_default(ask: Ask) -> None:
    """What S3 refuses in PutBucketEncryption. Whether the key exists shows with the first object."""
    rules = ask.document["Rules"]
    if len(rules) != 1:
        raise malformed_xml()
    [rule] = rules
    default = rule.setdefault("ApplyServerSideEncryptionByDefault", {"SSEAlgorithm": "AES256"})
    algorithm, key = default["SSEAlgorithm"], default.get("KMSMasterKeyID")
    if algorithm not in ALGORITHMS:
        raise invalid_argument(f"The encryption method specified is not supported: {algorithm}")
    if key is not None and algorithm not in _KMS:
        raise invalid_argument(
            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse"
        )
    if key == "":
        raise invalid_argument("KMSMasterKeyID must not be empty")
    if algorithm == "aws:kms:dsse" and rule.get("BucketKeyEnabled"):
        raise invalid_argument("An S3 Bucket Key is not supported for aws:kms:dsse")
    rule.setdefault("BucketKeyEnabled", False)


def on_write(ask: Ask) -> None:
    """Say in the request what it leaves to the bucket's default, with the key's ARN; refuse what S3 refuses."""
    if customer_keys.given(ask):
        customer_keys.check_given(ask)
        if ask.headers.get(_HEADER):
            raise invalid_argument(
                "Server Side Encryption with Customer provided key is incompatible with the encryption method "
                "specified"
            )
        return
    algorithm, key, bucket_key = _asked(ask)
    if algorithm is None:
        algorithm, key, bucket_key = _default(ask.bucket)
    elif bucket_key is None:
        bucket_key = algorithm == "aws:kms" and _default(ask.bucket)[2]
    if algorithm in _KMS:
        key = kms_keys.usable(key, ask.moto.current_account, ask.bucket.region_name)
    ask.put_header(_HEADER, algorithm)
    ask.put_header(_KEY, key if algorithm in _KMS else None)
    ask.put_header(_BUCKET_KEY, "true" if bucket_key and algorithm == "aws:kms" else None)


def _asked(ask: Ask) -> tuple[str | None, str | None, bool | None]:
    algorithm, key = ask.headers.get(_HEADER), ask.headers.get(_KEY)
    if algorithm is not None and algorithm not in ALGORITHMS:
        raise invalid_argument("The encryption method specified is not supported")
    if key is not None and algorithm not in _KMS:
        raise invalid_argument(
            "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : "
            "aws:kms"
        )
    if key == "":
        raise invalid_argument("The KMS key ID must not be empty")
    said = ask.headers.get(_BUCKET_KEY)
    if said is not None and said.lower() not in ("true", "false"):
        raise invalid_argument(f"{_BUCKET_KEY} must be true or false")
    _check_context(ask.headers.get(_CONTEXT), algorithm)
    return algorithm, key, None if said is None else said.lower() == "true"


def _check_context(context: str | None, algorithm: str | None) -> None:
    if context is None:
        return
    try:
        document = json.loads(base64.b64decode(context, validate=True))
    except ValueError:
        document = None
    if algorithm not in _KMS or not isinstance(document, dict) or not all(map(_is_text, document.values())):
        raise invalid_argument("The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 JSON")


def is_set(ask: Ask) -> bool:
    """Whether the bucket's default was chosen, or is that of every new bucket."""
    return "encryption" in ask.bucket.settings


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _default(bucket: Any) -> tuple[str, str | None, bool]:
    [rule] = bucket.settings.get("encryption", NEW)["Rules"]
    default: dict[str, str] = rule["ApplyServerSideEncryptionByDefault"]
    return default["SSEAlgorithm"], default.get("KMSMasterKeyID"), bool(rule["BucketKeyEnabled"])


def on_read(ask: Ask) -> None:
    """A read says nothing of encryption, unless the key is the customer's; and its KMS key must still work."""
    for name in (_HEADER, _KEY, _BUCKET_KEY):
        if ask.headers.get(name) is not None:
            raise invalid_argument(f"{name} header is not supported for this operation.")
    key = ask.version(version_id=ask.query.get("versionId"))
    customer_keys.check_read(ask, key)
    if ask.request.method == "GET":
        check_key(ask.bucket, key)


def check_key(bucket: Any, version: Any) -> None:
    """What KMS encrypted is read only while the key can be used."""
    if getattr(version, "encryption", None) in _KMS:
        kms_keys.usable(version.kms_key_id, bucket.account_id, bucket.region_name)
