"""What objects say of their encryption: the bucket's default, what was asked for, the customer's key."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import md5
from typing import Any

import pytest

from tests.support.aws_daemon import Aws, refused

PLACE = {"LocationConstraint": "eu-central-1"}
PART = b"p" * (5 << 20)
KEY: dict[str, Any] = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"k" * 32}
KEY_MD5 = b64encode(md5(b"k" * 32, usedforsecurity=False).digest()).decode()
SOURCE = {f"CopySource{name}": value for name, value in KEY.items()}


@pytest.fixture(scope="module")
def s3(aws: Aws) -> Any:
    """The administrator's client."""
    return aws.client("s3")


@pytest.fixture(scope="module")
def key(aws: Aws) -> str:
    """A KMS key's ARN."""
    return str(aws.client("kms").create_key()["KeyMetadata"]["Arn"])


def new(s3: Any, name: str, algorithm: str = "", **default: Any) -> str:
    """A new bucket, with a default encryption if one is given."""
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=PLACE)
    if algorithm:
        rule = {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm, **default},
            "BucketKeyEnabled": algorithm == "aws:kms",
        }
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    return name


def said(answer: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Algorithm, key, and whether it is the bucket's key."""
    return answer.get("ServerSideEncryption"), answer.get("SSEKMSKeyId"), answer.get("BucketKeyEnabled")


def uploaded(s3: Any, bucket: str, name: str, **options: Any) -> list[dict[str, Any]]:
    """The answers of an upload in one part: started, part, completed."""
    started = s3.create_multipart_upload(Bucket=bucket, Key=name, **options)
    customer = {name: value for name, value in options.items() if name.startswith("SSECustomer")}
    upload = {"Bucket": bucket, "Key": name, "UploadId": started["UploadId"]}
    part = s3.upload_part(**upload, PartNumber=1, Body=b"1", **customer)
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    return [started, part, s3.complete_multipart_upload(**upload, MultipartUpload=parts, **customer)]


def test_the_default_of_a_bucket_is_what_its_objects_report(s3: Any, key: str) -> None:
    """However they are written, and however they are asked."""
    bucket = new(s3, "default-kms", "aws:kms", KMSMasterKeyID=key.rpartition("/")[2])

    put = s3.put_object(Bucket=bucket, Key="put")
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/put")
    started, part, completed = uploaded(s3, bucket, "parts")

    answers = [put, copied, started, part, completed]
    answers += [s3.head_object(Bucket=bucket, Key=name) for name in ("put", "copy", "parts")]
    answers += [s3.get_object(Bucket=bucket, Key=name) for name in ("put", "copy", "parts")]
    assert [said(each) for each in answers] == [("aws:kms", key, True)] * 11


def test_what_is_asked_for_comes_before_the_default(s3: Any, key: str) -> None:
    """SSE-S3 in a bucket of KMS, KMS by an alias or with AWS's own key elsewhere, and two layers."""
    of_kms, plain = new(s3, "asked-of-kms", "aws:kms", KMSMasterKeyID=key), new(s3, "asked-of-none")
    asked: list[dict[str, Any]] = [
        {"Bucket": of_kms, "ServerSideEncryption": "AES256"},
        {"Bucket": plain, "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key, "BucketKeyEnabled": True},
        {"Bucket": plain, "ServerSideEncryption": "aws:kms:dsse", "SSEKMSKeyId": key},
        {"Bucket": plain},
    ]

    assert [said(s3.put_object(Key="k", **each)) for each in asked] == [
        ("AES256", None, None),
        ("aws:kms", key, True),
        ("aws:kms:dsse", key, None),
        ("AES256", None, None),
    ]


def test_kms_without_a_key_is_awss_own(s3: Any, aws: Aws) -> None:
    """`alias/aws/s3`, the same each time."""
    bucket = new(s3, "asked-of-aws")

    first, second = (s3.put_object(Bucket=bucket, Key="k", ServerSideEncryption="aws:kms") for _ in range(2))

    own = aws.client("kms").describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"]
    assert said(first) == said(second) == ("aws:kms", own, None)


def test_an_object_under_a_key_that_was_disabled_cannot_be_read(s3: Any, aws: Aws) -> None:
    """Nor copied; once it is enabled again, both."""
    kms, bucket = aws.client("kms"), new(s3, "key-disabled")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"1", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)

    kms.disable_key(KeyId=key)
    refused("KMS.DisabledException", s3.get_object, Bucket=bucket, Key="k")
    refused("KMS.DisabledException", s3.copy_object, Bucket=bucket, Key="l", CopySource=f"{bucket}/k")
    kms.enable_key(KeyId=key)

    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"


def test_an_object_answers_to_its_customers_key_alone(s3: Any) -> None:
    """Also one that was uploaded in parts, and one that is copied."""
    bucket = new(s3, "customer")
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"1", **KEY)
    started, part, completed = uploaded(s3, bucket, "parts", **KEY)
    name = f"{bucket}/k"

    refused("400", s3.head_object, Bucket=bucket, Key="k")
    refused("403", s3.head_object, Bucket=bucket, Key="k", **KEY | {"SSECustomerKey": b"o" * 32})
    refused("InvalidRequest", s3.get_object, Bucket=bucket, Key="parts")
    refused("InvalidRequest", s3.copy_object, Bucket=bucket, Key="l", CopySource=name)
    s3.copy_object(Bucket=bucket, Key="l", CopySource=name, **SOURCE)

    read = s3.get_object(Bucket=bucket, Key="k", **KEY)
    assert read["Body"].read() == b"1"
    assert s3.get_object(Bucket=bucket, Key="l")["Body"].read() == b"1"
    assert {each.get("SSECustomerKeyMD5") for each in (put, started, part, read)} == {KEY_MD5}
    assert {each.get("ServerSideEncryption") for each in (put, started, part, completed, read)} == {None}


def test_a_part_needs_the_key_of_its_upload(s3: Any) -> None:
    """No key and another key are refused."""
    bucket = new(s3, "customer-parts")
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k", **KEY)["UploadId"]
    part = {"Bucket": bucket, "Key": "k", "UploadId": upload, "PartNumber": 1, "Body": b"1"}

    refused("InvalidRequest", s3.upload_part, **part)
    refused("InvalidRequest", s3.upload_part, **part, **KEY | {"SSECustomerKey": b"o" * 32})


def test_the_default_encryption_comes_back_as_it_was_put(s3: Any, key: str) -> None:
    """And after it is deleted it is what every bucket has."""
    bucket = new(s3, "default-kept", "aws:kms", KMSMasterKeyID=key)

    kept = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    s3.delete_bucket_encryption(Bucket=bucket)
    after = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]

    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    assert kept["Rules"] == [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
    assert after["Rules"] == [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    ]


def test_a_context_is_json(s3: Any, key: str) -> None:
    """An encryption context that is none is refused."""
    bucket = new(s3, "context")
    asked = {"Bucket": bucket, "Key": "k", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    context = b64encode(json.dumps({"exam": "1"}).encode()).decode()

    s3.put_object(**asked, SSEKMSEncryptionContext=context)

    refused("InvalidArgument", s3.put_object, **asked, SSEKMSEncryptionContext="{}")
