"""S3's versions, markers and copies, and what an upload in parts is begun with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.aws_daemon import Aws, refused

PLACE = {"LocationConstraint": "eu-central-1"}


@pytest.fixture(scope="module")
def s3(aws: Aws) -> Any:
    """A client."""
    return aws.client("s3")


def made(s3: Any, name: str, status: str = "") -> str:
    """A bucket with that versioning."""
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=PLACE)
    if status:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})
    return name


def read(s3: Any, bucket: str, key: str = "a", **options: Any) -> bytes:
    """The object's body."""
    body: bytes = s3.get_object(Bucket=bucket, Key=key, **options)["Body"].read()
    return body


def test_an_object_comes_back_with_its_marker_deleted(s3: Any) -> None:
    """Meanwhile it is missing, and the answer says why."""
    bucket = made(s3, "versions-marker", "Enabled")
    put = s3.put_object(Bucket=bucket, Key="a", Body=b"1")

    marker = s3.delete_object(Bucket=bucket, Key="a")
    with pytest.raises(s3.exceptions.NoSuchKey) as missing:
        s3.get_object(Bucket=bucket, Key="a")
    with pytest.raises(s3.exceptions.ClientError) as named:
        s3.head_object(Bucket=bucket, Key="a", VersionId=marker["VersionId"])
    undone = s3.delete_object(Bucket=bucket, Key="a", VersionId=marker["VersionId"])

    told = [error.value.response["ResponseMetadata"]["HTTPHeaders"] for error in (missing, named)]
    assert [headers["x-amz-delete-marker"] for headers in told] == ["true", "true"]
    assert told[1]["allow"] == "DELETE"
    assert (marker["DeleteMarker"], undone["DeleteMarker"]) == (True, True)
    assert undone["VersionId"] == marker["VersionId"]
    assert s3.get_object(Bucket=bucket, Key="a")["VersionId"] == put["VersionId"]


def test_what_is_made_while_versioning_is_suspended_is_the_null_version(s3: Any) -> None:
    """One at a time; the versions before stay, and a deletion leaves a null marker."""
    bucket = made(s3, "versions-suspended", "Enabled")
    first = s3.put_object(Bucket=bucket, Key="a", Body=b"1")["VersionId"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})

    s3.put_object(Bucket=bucket, Key="a", Body=b"2")
    s3.put_object(Bucket=bucket, Key="a", Body=b"3")
    both = s3.list_object_versions(Bucket=bucket)["Versions"]
    null = read(s3, bucket, VersionId="null")
    s3.delete_object(Bucket=bucket, Key="a")

    assert [(each["VersionId"], each["IsLatest"]) for each in both] == [("null", True), (first, False)]
    assert null == b"3"
    after = s3.list_object_versions(Bucket=bucket)
    assert [each["VersionId"] for each in after["Versions"]] == [first]
    assert [each["VersionId"] for each in after["DeleteMarkers"]] == ["null"]
    assert read(s3, bucket, VersionId=first) == b"1"


def test_what_was_there_before_versioning_keeps_its_place(s3: Any) -> None:
    """As the null version, under those with an id."""
    bucket = made(s3, "versions-before")
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})

    second = s3.put_object(Bucket=bucket, Key="a", Body=b"2")["VersionId"]

    listed = s3.list_object_versions(Bucket=bucket)["Versions"]
    assert [each["VersionId"] for each in listed] == [second, "null"]
    assert read(s3, bucket, VersionId="null") == b"1"
    s3.delete_object(Bucket=bucket, Key="a", VersionId=second)
    assert read(s3, bucket) == b"1"


def test_an_older_version_is_copied_onto_the_newest(s3: Any) -> None:
    """Which is how one goes back; the source's id is told."""
    bucket = made(s3, "versions-back", "Enabled")
    older = s3.put_object(Bucket=bucket, Key="a", Body=b"1", Metadata={"made": "first"})["VersionId"]
    s3.put_object(Bucket=bucket, Key="a", Body=b"2")

    source = {"Bucket": bucket, "Key": "a", "VersionId": older}
    copied = s3.copy_object(Bucket=bucket, Key="a", CopySource=source)

    now = s3.get_object(Bucket=bucket, Key="a")
    assert copied["CopySourceVersionId"] == older
    assert (now["Body"].read(), now["Metadata"], now["VersionId"]) == (b"1", {"made": "first"}, copied["VersionId"])


def test_a_copy_takes_over_what_its_directives_say(s3: Any) -> None:
    """Metadata and tags are copied or replaced, each by itself; the storage class never is copied."""
    bucket = made(s3, "versions-directives")
    own = {"Metadata": {"a": "1"}, "ContentType": "text/plain", "Tagging": "t=1", "StorageClass": "STANDARD_IA"}
    s3.put_object(Bucket=bucket, Key="a", Body=b"1", **own)
    new = {"Metadata": {"b": "2"}, "ContentType": "text/html", "Tagging": "u=2"}

    s3.copy_object(Bucket=bucket, Key="both", CopySource=f"{bucket}/a", **new)
    replaced = {"MetadataDirective": "REPLACE", "TaggingDirective": "REPLACE"}
    s3.copy_object(Bucket=bucket, Key="none", CopySource=f"{bucket}/a", **new, **replaced)

    def told(key: str) -> tuple[Any, ...]:
        head = s3.head_object(Bucket=bucket, Key=key)
        [tag] = s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
        return head["Metadata"], head["ContentType"], head.get("StorageClass"), tag

    assert told("both") == ({"a": "1"}, "text/plain", None, {"Key": "t", "Value": "1"})
    assert told("none") == ({"b": "2"}, "text/html", None, {"Key": "u", "Value": "2"})


def test_an_upload_keeps_what_it_was_begun_with(aws: Aws, s3: Any) -> None:
    """Metadata, tags, class and encryption; the ETag of what KMS encrypts is no MD5."""
    bucket = made(s3, "versions-begun")
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    own = {
        "Metadata": {"a": "1"},
        "ContentType": "text/plain",
        "StorageClass": "STANDARD_IA",
        "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": key,
    }
    upload = {"Bucket": bucket, "Key": "a"}
    upload["UploadId"] = s3.create_multipart_upload(**upload, Tagging="t=1", **own)["UploadId"]
    part = s3.upload_part(**upload, PartNumber=1, Body=b"1")

    parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
    done = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})

    head = s3.head_object(Bucket=bucket, Key="a")
    assert {name: head[name] for name in own} == own
    assert head["TagCount"] == 1
    assert part["ETag"] != '"c4ca4238a0b923820dcc509a6f75849b"'
    assert done["ETag"].endswith('-1"')


def test_parts_are_listed_a_page_at_a_time(s3: Any) -> None:
    """With what is sent again in the place of what was there."""
    bucket = made(s3, "versions-listed")
    upload = {"Bucket": bucket, "Key": "a"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    for number, body in ((1, b"1"), (2, b"22"), (7, b"333"), (2, b"4444")):
        s3.upload_part(**upload, PartNumber=number, Body=body)

    first = s3.list_parts(**upload, MaxParts=2)
    rest = s3.list_parts(**upload, PartNumberMarker=first["NextPartNumberMarker"])

    assert [(each["PartNumber"], each["Size"]) for each in first["Parts"]] == [(1, 1), (2, 4)]
    assert (first["IsTruncated"], first["NextPartNumberMarker"]) == (True, 2)
    assert [(each["PartNumber"], each["Size"]) for each in rest["Parts"]] == [(7, 3)]
    assert (rest["IsTruncated"], rest["Owner"]["ID"]) == (False, rest["Initiator"]["ID"])


def test_a_part_may_be_a_range_of_an_object(s3: Any) -> None:
    """Across the parts that the object was made of."""
    bucket = made(s3, "versions-range")
    s3.put_object(Bucket=bucket, Key="a", Body=b"0123456789")
    upload = {"Bucket": bucket, "Key": "b"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]

    copied = s3.upload_part_copy(**upload, PartNumber=1, CopySource=f"{bucket}/a", CopySourceRange="bytes=3-5")
    parts = [{"PartNumber": 1, "ETag": copied["CopyPartResult"]["ETag"]}]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})

    assert read(s3, bucket, "b") == b"345"
    refused("NoSuchUpload", s3.list_parts, **upload)
