"""What S3 encrypts with, and with what it does not: KMS keys that are gone, customers' keys that do not fit."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.s3 import call_on_bucket, sent

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


def _customer(key: bytes, md5: bytes | None = None) -> dict[str, Any]:
    digest = hashlib.md5(key if md5 is None else md5, usedforsecurity=False).digest()
    return {
        "SSECustomerAlgorithm": "AES256",
        "SSECustomerKey": base64.b64encode(key).decode(),
        "SSECustomerKeyMD5": base64.b64encode(digest).decode(),
    }


def _read_back(says: str, code: str | None, **arguments: Any) -> Case:
    """The read of an object that the customer's key `KEY` was brought for."""

    def prepare(account: Account) -> Attempt:
        s3, bucket = account.admin("s3"), account.bucket()
        s3.put_object(Bucket=bucket, Key="a", Body=b"0", **_headers(KEY))
        return lambda: s3.get_object(Bucket=bucket, Key="a", **arguments)

    return Case(f"reading with {says}", prepare, code)


def _headers(key: bytes) -> dict[str, Any]:
    """As boto3 wants it: it encodes and digests the key itself."""
    return {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": key}


def _with_key(state: str, code: str | None) -> Case:
    def prepare(account: Account) -> Attempt:
        kms, s3, bucket = account.admin("kms"), account.admin("s3"), account.bucket()
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        if state == "disabled":
            kms.disable_key(KeyId=key)
        elif state == "on its way out":
            kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        return lambda: s3.put_object(Bucket=bucket, Key="k", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)

    return Case(f"an object under a key that is {state}", prepare, code)


def _default_key_gone(account: Account) -> Attempt:
    s3, bucket = account.admin("s3"), account.bucket()
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/not-there"}
    rules = [{"ApplyServerSideEncryptionByDefault": default}]
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
    return lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"0")


def _blocked(account: Account) -> Attempt:
    s3, bucket = account.admin("s3"), account.bucket()
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
    }
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    return lambda: s3.put_object(Bucket=bucket, Key="k", **_headers(KEY))


CASES = [
    _with_key("there", None),
    _with_key("disabled", "KMS.DisabledException"),
    _with_key("on its way out", "KMS.KMSInvalidStateException"),
    call_on_bucket(
        "an object under an unknown key",
        "put_object",
        "KMS.NotFoundException",
        Key="k",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId="1" * 8,
    ),
    call_on_bucket(
        "a copy under an unknown alias", "copy_object", "NoSuchBucket", Key="k", CopySource="not-there-at-all/a"
    ),
    Case("an object under the bucket's key, which is gone", _default_key_gone, "KMS.NotFoundException"),
    call_on_bucket(
        "an object by an unknown algorithm", "put_object", "InvalidArgument", Key="k", ServerSideEncryption="AES512"
    ),
    call_on_bucket(
        "an object with a key for AES256",
        "put_object",
        "InvalidArgument",
        Key="k",
        ServerSideEncryption="AES256",
        SSEKMSKeyId="1",
    ),
    call_on_bucket(
        "an upload under an unknown key",
        "create_multipart_upload",
        "KMS.NotFoundException",
        Key="k",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId="1" * 8,
    ),
    sent(
        "a read that asks for encryption",
        "InvalidArgument",
        "GET",
        "/a",
        b"",
        **{"x-amz-server-side-encryption": "AES256"},
    ),
    _read_back("the customer's key", None, **_headers(KEY)),
    _read_back("another key", "AccessDenied", **_headers(OTHER_KEY)),
    _read_back("no key", "InvalidRequest"),
    call_on_bucket("reading with a key what has none", "get_object", "InvalidRequest", Key="a", **_headers(KEY)),
    call_on_bucket("a key of 31 bytes", "put_object", "InvalidArgument", Key="k", **_headers(KEY[1:])),
    call_on_bucket(
        "a key by AES128",
        "put_object",
        "InvalidEncryptionAlgorithmError",
        Key="k",
        SSECustomerAlgorithm="AES128",
        SSECustomerKey=KEY,
    ),
    sent(
        "a key with another's digest",
        "InvalidArgument",
        "PUT",
        "/k",
        b"0",
        **{
            "x-amz-server-side-encryption-customer-algorithm": "AES256",
            "x-amz-server-side-encryption-customer-key": _customer(KEY)["SSECustomerKey"],
            "x-amz-server-side-encryption-customer-key-MD5": _customer(OTHER_KEY)["SSECustomerKeyMD5"],
        },
    ),
    Case("a customer's key where they are blocked", _blocked, "AccessDenied"),
]
