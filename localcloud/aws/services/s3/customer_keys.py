"""SSE-C: the client brings the key with each request, and S3 keeps a digest of it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from localcloud.aws.replies import same
from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.errors import invalid_argument, invalid_request

_PREFIX = "x-amz-server-side-encryption-customer-"
_SOURCE_PREFIX = "x-amz-copy-source-server-side-encryption-customer-"
_PARTS = ("algorithm", "key", "key-md5")
_KEY_BYTES = 32


@dataclass(frozen=True)
class CustomerKey:
    """What is kept of a customer's key: its MD5 in base64."""

    md5: str


def given(ask: Ask, prefix: str = _PREFIX) -> bool:
    """Whether the request brings any part of a key."""
    return any(ask.headers.get(prefix + part) is not None for part in _PARTS)


def of(ask: Ask, prefix: str = _PREFIX) -> CustomerKey | None:
    """The key that the request brings. AwsError where it is not whole."""
    if not given(ask, prefix):
        return None
    algorithm, key, md5 = (ask.headers.get(prefix + part) for part in _PARTS)
    if algorithm is None:
        raise invalid_argument(
            "Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption "
            "algorithm."
        )
    if algorithm != "AES256":
        raise same(
            "InvalidEncryptionAlgorithmError",
            400,
            "The Encryption request you specified is not valid. Supported value: AES256.",
        )
    if not key:
        raise invalid_argument(
            "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate "
            "secret key."
        )
    if not md5:
        raise invalid_argument(
            "Requests specifying Server Side Encryption with Customer provided keys must provide the client "
            "calculated MD5 of the secret key."
        )
    content = _decoded(key)
    if len(content) != _KEY_BYTES:
        raise invalid_argument("The secret key was invalid for the specified algorithm.")
    if base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode() != md5:
        raise invalid_argument("The calculated MD5 hash of the key did not match the hash that was provided.")
    return CustomerKey(md5)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def check_given(ask: Ask) -> None:
    """A key that an object is to be written with; buckets may refuse them all."""
    rules = ask.bucket.settings.get("encryption", {}).get("Rules", [])
    if any("SSE-C" in rule.get("BlockedEncryptionTypes", {}).get("EncryptionType", []) for rule in rules):
        raise same("AccessDenied", 403, "Access Denied")
    of(ask)


def check_read(ask: Ask, key: Any) -> None:
    """An object is read with the key that it was written with, or without any if there was none."""
    if hasattr(key, "size"):
        _check(key.customer_key, of(ask))


def check_copied(ask: Ask, source: Any) -> None:
    """The same of the object that is copied."""
    _check(source.customer_key, of(ask, _SOURCE_PREFIX))


def check_part(ask: Ask) -> None:
    """A part needs the key of its upload."""
    upload = ask.bucket.multiparts.get(ask.query.get("uploadId", ""))
    wanted, brought = upload.attributes.encryption.customer_key if upload else None, of(ask)
    if wanted and not brought:
        raise invalid_request(
            "The multipart upload initiate requested encryption. Subsequent part requests must include the "
            "appropriate encryption parameters."
        )
    if upload is not None and wanted != brought:
        raise invalid_request("The provided encryption parameters did not match the ones used originally.")


def _check(wanted: CustomerKey | None, brought: CustomerKey | None) -> None:
    if wanted and not brought:
        raise invalid_request(
            "The object was stored using a form of Server Side Encryption. The correct parameters must be provided "
            "to retrieve the object."
        )
    if brought and not wanted:
        raise invalid_request("The encryption parameters are not applicable to this object.")
    if wanted != brought:
        raise same("AccessDenied", 403, "Access Denied")
