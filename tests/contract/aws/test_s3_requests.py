"""Headers, ranges, attributes and ACLs of S3's objects."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from bench.aws_truth.account import Account
from bench.aws_truth.s3 import signed
from tests.support.aws_daemon import Aws, refused

PLACE = {"LocationConstraint": "eu-central-1"}
TEN = b"0123456789"
GRANTEE = "1" * 64


@pytest.fixture(scope="module")
def s3(aws: Aws) -> Any:
    """The administrator's client."""
    return aws.client("s3")


@pytest.fixture(scope="module")
def bucket(s3: Any) -> str:
    """One that holds ten bytes under `ten`, and nothing under `none`."""
    name = new(s3, "requested")
    s3.put_object(Bucket=name, Key="ten", Body=TEN)
    s3.put_object(Bucket=name, Key="none")
    return name


def new(s3: Any, name: str, **options: Any) -> str:
    """A new bucket."""
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=PLACE, **options)
    return name


@pytest.mark.parametrize(
    ("asked", "status", "body", "said"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=7-99", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=-99", 206, TEN, "bytes 0-9/10"),
        ("bytes=0-1,3-4", 200, TEN, None),
        ("bytes=5-2", 200, TEN, None),
        ("bytes=a-b", 200, TEN, None),
        ("lines=0-3", 200, TEN, None),
        ("bytes", 200, TEN, None),
    ],
)
def test_a_range_of_bytes(aws: Aws, bucket: str, asked: str, status: int, body: bytes, said: str | None) -> None:
    """What is no single range is overlooked."""
    answer = signed(Account(aws), "GET", f"/{bucket}/ten", range=asked)

    assert (answer.status_code, answer.content, answer.headers.get("Content-Range")) == (status, body, said)


def test_a_range_of_an_empty_object(s3: Any, bucket: str) -> None:
    """There is none."""
    refused("InvalidRange", s3.get_object, Bucket=bucket, Key="none", Range="bytes=0-")


def test_an_answer_has_its_ids(aws: Aws, bucket: str) -> None:
    """An error's too; each request its own."""
    account = Account(aws)
    answers = [signed(account, "GET", f"/{bucket}/{name}") for name in ("ten", "missing")]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert {len(answer.headers["x-amz-request-id"]) for answer in answers} == {16}
    assert {len(answer.headers["x-amz-id-2"]) for answer in answers} == {76}
    assert len({answer.headers["x-amz-request-id"] for answer in answers}) == 2


def test_what_was_said_of_an_object_comes_back(s3: Any, bucket: str) -> None:
    """Content headers, metadata, redirect, class, count of tags."""
    told = {
        "CacheControl": "no-cache",
        "ContentDisposition": 'attachment; filename="a"',
        "ContentEncoding": "gzip",
        "ContentLanguage": "de",
        "ContentType": "text/plain",
        "Metadata": {"exam": "1"},
        "StorageClass": "STANDARD_IA",
        "WebsiteRedirectLocation": "/other",
    }
    s3.put_object(Bucket=bucket, Key="told", Tagging="a=1&b=2", **told)

    head = s3.head_object(Bucket=bucket, Key="told")

    assert {name: head[name] for name in told} == told
    assert head["AcceptRanges"] == "bytes"
    assert s3.get_object(Bucket=bucket, Key="told")["TagCount"] == 2
    assert s3.head_object(Bucket=bucket, Key="ten")["ContentType"] == "binary/octet-stream"


def test_who_signs_can_change_the_headers_of_an_answer(aws: Aws, s3: Any, bucket: str) -> None:
    """Nobody else can."""
    asked = {"Bucket": bucket, "Key": "ten", "ResponseContentType": "text/x", "ResponseCacheControl": "no-store"}

    answer = s3.get_object(**asked)
    anonymous = requests.get(f"{aws.url}/{bucket}/ten?response-content-type=text/x", timeout=5)

    assert (answer["ContentType"], answer["CacheControl"]) == ("text/x", "no-store")
    assert anonymous.status_code in (400, 403)


@pytest.mark.parametrize("name", ["If-Modified-Since", "If-Unmodified-Since"])
def test_a_condition_without_a_date_is_none(aws: Aws, bucket: str, name: str) -> None:
    """S3 overlooks it."""
    assert signed(Account(aws), "GET", f"/{bucket}/ten", b"", **{name: "yesterday"}).status_code == 200


def test_the_attributes_of_an_object(s3: Any, bucket: str) -> None:
    """Those that were asked for, and no others."""
    put = s3.put_object(Bucket=bucket, Key="sha", Body=TEN, ChecksumAlgorithm="SHA256")
    asked = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]

    found = s3.get_object_attributes(Bucket=bucket, Key="sha", ObjectAttributes=asked)

    kept = {name: found.get(name) for name in asked}
    assert kept == {
        "ETag": put["ETag"].strip('"'),
        "Checksum": {"ChecksumSHA256": put["ChecksumSHA256"], "ChecksumType": "FULL_OBJECT"},
        "ObjectParts": None,
        "StorageClass": "STANDARD",
        "ObjectSize": 10,
    }
    only = s3.get_object_attributes(Bucket=bucket, Key="sha", ObjectAttributes=["ObjectSize"])
    assert {name for name in asked if name in only} == {"ObjectSize"}


def test_the_parts_of_an_object(s3: Any) -> None:
    """Their count, and page by page their sizes and checksums."""
    bucket, sizes = new(s3, "attributes-parts"), [5 << 20, 5 << 20, 3]
    started = s3.create_multipart_upload(Bucket=bucket, Key="k", ChecksumAlgorithm="SHA256")
    upload = {"Bucket": bucket, "Key": "k", "UploadId": started["UploadId"]}
    parts = []
    for number, size in enumerate(sizes, 1):
        part = s3.upload_part(**upload, PartNumber=number, Body=b"p" * size, ChecksumAlgorithm="SHA256")
        parts.append({"PartNumber": number, "ETag": part["ETag"], "ChecksumSHA256": part["ChecksumSHA256"]})
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    asked = {"Bucket": bucket, "Key": "k", "ObjectAttributes": ["ObjectParts", "Checksum"]}

    first = s3.get_object_attributes(**asked, MaxParts=2)["ObjectParts"]
    rest = s3.get_object_attributes(**asked, PartNumberMarker=2)["ObjectParts"]

    found = first["Parts"] + rest["Parts"]
    assert [each["Size"] for each in found] == sizes
    assert [each["ChecksumSHA256"] for each in found] == [each["ChecksumSHA256"] for each in parts]
    assert (first["TotalPartsCount"], first["IsTruncated"], first["NextPartNumberMarker"]) == (3, True, 2)
    assert rest["IsTruncated"] is False


def test_an_acl_where_the_bucket_has_them(s3: Any) -> None:
    """Canned, by headers and as a document, of a version too."""
    bucket = new(s3, "with-acls", ObjectOwnership="ObjectWriter")
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="k")
    owner = s3.get_bucket_acl(Bucket=bucket)["Owner"]

    s3.put_bucket_acl(Bucket=bucket, ACL="public-read-write")
    s3.put_object_acl(Bucket=bucket, Key="k", GrantRead=f'id="{GRANTEE}"')

    of_bucket = s3.get_bucket_acl(Bucket=bucket)["Grants"]
    assert [(each["Grantee"]["Type"], each["Permission"]) for each in of_bucket] == [
        ("CanonicalUser", "FULL_CONTROL"),
        ("Group", "READ"),
        ("Group", "WRITE"),
    ]
    of_object = s3.get_object_acl(Bucket=bucket, Key="k")["Grants"]
    assert [(each["Grantee"]["ID"], each["Permission"]) for each in of_object] == [(GRANTEE, "READ")]
    document = {"Owner": {"ID": owner["ID"]}, "Grants": of_object}
    s3.put_object_acl(Bucket=bucket, Key="k", AccessControlPolicy=document)
    assert s3.get_object_acl(Bucket=bucket, Key="k")["Grants"] == of_object
    refused("InvalidArgument", s3.put_object_acl, Bucket=bucket, Key="k", GrantRead='id="me"')
    refused("InvalidArgument", s3.put_object_acl, Bucket=bucket, Key="k", GrantRead='uri="http://x"')
    refused("InvalidRequest", s3.put_object_acl, Bucket=bucket, Key="k", ACL="private", GrantRead=f"id={GRANTEE}")
    refused(
        "AccessDenied",
        s3.put_object_acl,
        Bucket=bucket,
        Key="k",
        AccessControlPolicy={"Owner": {"ID": GRANTEE}, "Grants": of_object},
    )


def test_a_batch_deletes_what_is_still_the_one_that_was_meant(s3: Any) -> None:
    """Each by its own ETag; the rest is told with its code."""
    name = new(s3, "batch-by-etag")
    right, other = (s3.put_object(Bucket=name, Key=key, Body=b"x")["ETag"] for key in ("right", "other"))
    wanted = [
        {"Key": "right", "ETag": right},
        {"Key": "other", "ETag": f"{other[:-2]}-9"},
        {"Key": "none", "ETag": right},
    ]

    answer = s3.delete_objects(Bucket=name, Delete={"Objects": wanted})

    assert [each["Key"] for each in answer["Deleted"]] == ["right"]
    codes = {each["Key"]: each["Code"] for each in answer["Errors"]}
    assert codes == {"other": "PreconditionFailed", "none": "NoSuchKey"}
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=name)["Contents"]] == ["other"]
