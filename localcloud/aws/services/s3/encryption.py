"""Server-side encryption: what a bucket's default may say, and what an object is encrypted with when it is written.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
"""

from __future__ import annotations

import base64
import json
from typing import Any

from localcloud.aws.services.s3 import customer_keys, kms_keys
from localcloud.aws.services.s3.ask import Answer, Ask
from localcloud.aws.services.s3.errors import invalid_argument, malformed_xml

_HEADER = "x-amz-server-side-encryption"
_KEY, _CONTEXT = f"{_HEADER}-aws-kms-key-id", f"{_HEADER}-context"
_BUCKET_KEY = f"{_HEADER}-bucket-key-enabled"
_KMS = ("aws:kms", "aws:kms:dsse")
ALGORITHMS = ("AES256", *_KMS)
NEW = {  # of every new bucket since 2023
    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]
}


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
        algorithm, key, bucket_key = _default(ask)
    elif bucket_key is None:
        bucket_key = algorithm == "aws:kms" and _default(ask)[2]
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


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _default(ask: Ask) -> tuple[str, str | None, bool]:
    [rule] = ask.bucket.settings.get("encryption", NEW)["Rules"]
    default: dict[str, str] = rule["ApplyServerSideEncryptionByDefault"]
    return default["SSEAlgorithm"], default.get("KMSMasterKeyID"), bool(rule["BucketKeyEnabled"])


def on_read(ask: Ask) -> None:
    """A read says nothing of encryption, unless the key is the customer's; and its KMS key must still work."""
    for name in (_HEADER, _KEY, _BUCKET_KEY):
        if ask.headers.get(name) is not None:
            raise invalid_argument(f"{name} header is not supported for this operation.")
    key = ask.version(version_id=ask.query.get("versionId"))
    customer_keys.check_read(ask, key)
    if ask.request.method == "GET" and getattr(key, "encryption", None) in _KMS:
        kms_keys.usable(key.kms_key_id, ask.moto.current_account, ask.bucket.region_name)


def headers(key: Any) -> dict[str, str]:
    """What S3 says of an object's encryption, whenever it is written or read."""
    customer: customer_keys.CustomerKey | None = getattr(key, "customer_key", None)
    if customer:
        return customer.headers()
    if key.encryption is None:
        return {}
    told = {_HEADER: str(key.encryption)}
    if key.encryption in _KMS and key.kms_key_id:
        told[_KEY] = key.kms_key_id
    if key.encryption == "aws:kms" and str(key.bucket_key_enabled).lower() == "true":
        told[_BUCKET_KEY] = "true"
    return told


def remember_of_upload(ask: Ask, answer: Answer) -> Answer:
    """An upload has its encryption from the start; its answer says so, and its parts and object have it too."""
    status, told, body = answer
    if status == 200:
        upload = list(ask.bucket.multiparts.values())[-1]
        upload.bucket_key_enabled = ask.headers.get(_BUCKET_KEY)
        upload.customer_key = customer_keys.of(ask)
        upload.encryption = None if upload.customer_key else upload.sse_encryption
        told = {**told, **headers(upload)}
    return status, told, body


def remember_completed(ask: Ask, answer: Answer) -> Answer:
    """The object has what its upload was started with."""
    status, told, body = answer
    key = ask.version()
    upload = getattr(key, "multipart", None)
    if status == 200 and upload is not None and hasattr(upload, "customer_key"):
        key.encryption, key.kms_key_id = upload.encryption, upload.kms_key_id
        key.bucket_key_enabled, key.customer_key = upload.bucket_key_enabled, upload.customer_key
        told = {name: value for name, value in told.items() if not name.lower().startswith(_HEADER)} | headers(key)
    return status, told, body
