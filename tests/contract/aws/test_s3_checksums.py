"""S3's checksums: kept with each object, told to whoever asks, and computed where a client gives none."""

from __future__ import annotations

import base64
import hashlib
import zlib
from typing import Any

import pytest
import requests

from tests.support.aws_daemon import Aws

PLACE = {"LocationConstraint": "eu-central-1"}
PART = 5 << 20
NINE = b"123456789"


def base64_of(digest: bytes) -> str:
    """As headers have it."""
    return base64.b64encode(digest).decode()


EXPECTED = {  # of those nine bytes, as the catalogues of CRCs have them
    "CRC32": base64_of((0xCBF43926).to_bytes(4, "big")),
    "CRC32C": base64_of((0xE3069283).to_bytes(4, "big")),
    "CRC64NVME": base64_of((0xAE8B14860A799888).to_bytes(8, "big")),
    "SHA1": base64_of(hashlib.sha1(NINE, usedforsecurity=False).digest()),
    "SHA256": base64_of(hashlib.sha256(NINE).digest()),
}


@pytest.fixture(scope="module")
def s3(aws: Aws) -> Any:
    """A client; the bucket `checksums` is there."""
    client = aws.client("s3")
    client.create_bucket(Bucket="checksums", CreateBucketConfiguration=PLACE)
    return client


@pytest.mark.parametrize("algorithm", EXPECTED)
def test_what_was_given_is_told(s3: Any, algorithm: str) -> None:
    """By the put, by GET and HEAD that ask for it; not by those that do not, nor for a range."""
    name = f"Checksum{algorithm}"
    given = {name: EXPECTED[algorithm]}

    put = s3.put_object(Bucket="checksums", Key=algorithm, Body=NINE, **given)

    named = {"Bucket": "checksums", "Key": algorithm}
    got, looked = (getattr(s3, method)(**named, ChecksumMode="ENABLED") for method in ("get_object", "head_object"))
    assert [(answer[name], answer["ChecksumType"]) for answer in (put, got, looked)] == [
        (EXPECTED[algorithm], "FULL_OBJECT")
    ] * 3
    assert name not in s3.head_object(**named)
    assert name not in s3.get_object(**named, ChecksumMode="ENABLED", Range="bytes=1-3")


def test_where_none_was_given_it_is_crc64nvme(aws: Aws, s3: Any) -> None:
    """As S3 does since December 2024; so a URL that was signed for a put has one, too."""
    url = s3.generate_presigned_url("put_object", Params={"Bucket": "checksums", "Key": "none"})

    assert requests.put(url, data=NINE, timeout=5).status_code == 200

    head = s3.head_object(Bucket="checksums", Key="none", ChecksumMode="ENABLED")
    assert (head["ChecksumCRC64NVME"], head["ChecksumType"]) == (EXPECTED["CRC64NVME"], "FULL_OBJECT")
    assert head["ETag"] == f'"{hashlib.md5(NINE, usedforsecurity=False).hexdigest()}"'


def test_an_upload_has_the_checksum_of_its_parts_checksums(s3: Any) -> None:
    """And tells that of a part to whoever asks for the part."""
    bodies = [b"1" * PART, b"2" * 10]
    digests = [hashlib.sha256(body).digest() for body in bodies]
    upload = {"Bucket": "checksums", "Key": "composite"}
    upload["UploadId"] = s3.create_multipart_upload(**upload, ChecksumAlgorithm="SHA256")["UploadId"]
    parts = []
    for number, body in enumerate(bodies, 1):
        sent = s3.upload_part(**upload, PartNumber=number, Body=body, ChecksumAlgorithm="SHA256")
        parts.append({"PartNumber": number, "ETag": sent["ETag"], "ChecksumSHA256": sent["ChecksumSHA256"]})

    done = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})

    expected = f"{base64_of(hashlib.sha256(b''.join(digests)).digest())}-2"
    named = {"Bucket": "checksums", "Key": "composite", "ChecksumMode": "ENABLED"}
    head, second = s3.head_object(**named), s3.head_object(**named, PartNumber=2)
    assert [part["ChecksumSHA256"] for part in parts] == [base64_of(digest) for digest in digests]
    assert (done["ChecksumSHA256"], head["ChecksumSHA256"], head["ChecksumType"]) == (expected, expected, "COMPOSITE")
    assert (second["ChecksumSHA256"], second["ContentLength"]) == (base64_of(digests[1]), 10)


def test_an_upload_may_have_the_checksum_of_the_whole(s3: Any) -> None:
    """Which a copy, that is no upload any more, has as well."""
    bodies = [b"1" * PART, b"2" * 10]
    upload = {"Bucket": "checksums", "Key": "whole"}
    kind = {"ChecksumAlgorithm": "CRC32", "ChecksumType": "FULL_OBJECT"}
    upload["UploadId"] = s3.create_multipart_upload(**upload, **kind)["UploadId"]
    parts = [
        {"PartNumber": number, "ETag": s3.upload_part(**upload, PartNumber=number, Body=body)["ETag"]}
        for number, body in enumerate(bodies, 1)
    ]
    expected = base64_of(zlib.crc32(b"".join(bodies)).to_bytes(4, "big"))

    done = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts}, ChecksumCRC32=expected)
    copied = s3.copy_object(Bucket="checksums", Key="copy", CopySource="checksums/whole")["CopyObjectResult"]

    md5 = hashlib.md5(b"".join(bodies), usedforsecurity=False).hexdigest()
    assert (done["ChecksumCRC32"], done["ChecksumType"]) == (expected, "FULL_OBJECT")
    assert (copied["ChecksumCRC32"], copied["ETag"]) == (expected, f'"{md5}"')


def test_a_body_that_is_kept_on_disk_is_checked_like_any_other(s3: Any) -> None:
    """Six megabytes with the wrong checksum are refused; with the right one they are there."""
    body = b"6" * (6 << 20)
    right = base64_of(hashlib.sha256(body).digest())

    with pytest.raises(s3.exceptions.ClientError, match="The SHA256 you specified did not match") as error:
        s3.put_object(Bucket="checksums", Key="six", Body=body, ChecksumSHA256=EXPECTED["SHA256"])
    s3.put_object(Bucket="checksums", Key="six", Body=body, ChecksumSHA256=right)

    assert error.value.response["Error"]["Code"] == "BadDigest"
    assert s3.get_object(Bucket="checksums", Key="six")["Body"].read() == body
