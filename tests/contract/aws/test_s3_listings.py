"""S3's listings: pages, markers and tokens, common prefixes, order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.aws_daemon import Aws, refused

PLACE = {"LocationConstraint": "eu-central-1"}
KEYS = ["a", "b/1", "b/2", "c", "d/1", "e"]


@pytest.fixture(scope="module")
def s3(aws: Aws) -> Any:
    """The administrator's client."""
    return aws.client("s3")


@pytest.fixture(scope="module")
def bucket(s3: Any) -> str:
    """One that holds KEYS."""
    return filled(s3, "listed", *KEYS)


def filled(s3: Any, name: str, *keys: str) -> str:
    """A new bucket with empty objects."""
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=PLACE)
    for key in keys:
        s3.put_object(Bucket=name, Key=key)
    return name


def names(answer: dict[str, Any]) -> list[str]:
    """The keys of a page, then its common prefixes."""
    prefixes = [each["Prefix"] for each in answer.get("CommonPrefixes", [])]
    return [each["Key"] for each in answer.get("Contents", [])] + prefixes


def pages(call: Any, follow: dict[str, str], **arguments: Any) -> Iterator[dict[str, Any]]:
    """Page after page, each asked for with what the one before says."""
    while True:
        page = call(**arguments)
        yield page
        if not page["IsTruncated"]:
            return
        arguments |= {name: page[said] for name, said in follow.items() if said in page}


def test_common_prefixes_count_and_are_paged(s3: Any, bucket: str) -> None:
    """Two at a time, each of the five entries once, whether a key or a common prefix."""
    follow = {"ContinuationToken": "NextContinuationToken"}

    found = list(pages(s3.list_objects_v2, follow, Bucket=bucket, Delimiter="/", MaxKeys=2))

    assert [names(page) for page in found] == [["a", "b/"], ["c", "d/"], ["e"]]
    assert [page["KeyCount"] for page in found] == [2, 2, 1]
    assert [page["MaxKeys"] for page in found] == [2, 2, 2]
    assert found[1]["ContinuationToken"] == found[0]["NextContinuationToken"]


def test_version_1_marks_by_name(s3: Any, bucket: str) -> None:
    """The next marker is said where there is a delimiter, and the marker is always echoed."""
    found = list(pages(s3.list_objects, {"Marker": "NextMarker"}, Bucket=bucket, Delimiter="/", MaxKeys=2))

    assert [names(page) for page in found] == [["a", "b/"], ["c", "d/"], ["e"]]
    assert [page["Marker"] for page in found] == ["", "b/", "d/"]
    assert "NextMarker" not in s3.list_objects(Bucket=bucket, MaxKeys=1)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"StartAfter": "c"}, ["d/1", "e"]),
        ({"StartAfter": "b/1", "Delimiter": "/"}, ["c", "e", "d/"]),
        ({"Prefix": "b/"}, ["b/1", "b/2"]),
        ({"Prefix": "b", "Delimiter": "/"}, ["b/"]),
        ({"Prefix": "x"}, []),
        ({"Delimiter": ""}, KEYS),
        ({"MaxKeys": 0}, []),
    ],
)
def test_what_a_listing_shows(s3: Any, bucket: str, arguments: dict[str, Any], expected: list[str]) -> None:
    """Prefixes, delimiters and markers choose."""
    answer = s3.list_objects_v2(Bucket=bucket, **arguments)

    assert names(answer) == expected
    assert not answer["IsTruncated"]


def test_what_is_asked_is_echoed(s3: Any, bucket: str) -> None:
    """Also where nothing was asked; at most 1,000 keys a page."""
    plain = s3.list_objects(Bucket=bucket)
    asked = s3.list_objects_v2(Bucket=bucket, Prefix="b", StartAfter="a", Delimiter="/", MaxKeys=5000)

    assert (plain["Prefix"], plain["Marker"], plain["MaxKeys"]) == ("", "", 1000)
    assert "Delimiter" not in plain
    assert [asked[name] for name in ("Prefix", "StartAfter", "Delimiter", "MaxKeys")] == ["b", "a", "/", 1000]


def test_the_owner_is_told_to_who_asks(s3: Any, bucket: str) -> None:
    """Version 1 always tells, version 2 where it is fetched."""
    assert "Owner" in s3.list_objects(Bucket=bucket)["Contents"][0]
    assert "Owner" in s3.list_objects_v2(Bucket=bucket, FetchOwner=True)["Contents"][0]
    assert "Owner" not in s3.list_objects_v2(Bucket=bucket)["Contents"][0]


def test_names_are_in_the_order_of_their_bytes(s3: Any) -> None:
    """Beyond the first 65,536 letters, UTF-8 and UTF-16 differ; S3 has UTF-8."""
    keys = ["Z", "a b+c", "a~", "z", "é", "\uffee", "\U0001f600"]

    bucket = filled(s3, "ordered", *reversed(keys))

    assert names(s3.list_objects_v2(Bucket=bucket)) == keys
    encoded = s3.list_objects_v2(Bucket=bucket, EncodingType="url")
    assert names(encoded)[:3] == ["Z", "a+b%2Bc", "a%7E"]


def test_versions_are_paged_within_a_key(s3: Any) -> None:
    """The newest first; a page may end between two versions of one key, and the next begins behind it."""
    bucket = filled(s3, "versions")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    made = [s3.put_object(Bucket=bucket, Key="k", Body=body)["VersionId"] for body in (b"1", b"2", b"3")]
    marker = s3.delete_object(Bucket=bucket, Key="k")["VersionId"]
    other = s3.put_object(Bucket=bucket, Key="l")["VersionId"]
    follow = {"KeyMarker": "NextKeyMarker", "VersionIdMarker": "NextVersionIdMarker"}

    found = list(pages(s3.list_object_versions, follow, Bucket=bucket, MaxKeys=2))

    listed = [[each["VersionId"] for each in page.get("Versions", [])] for page in found]
    assert listed == [[made[2]], [made[1], made[0]], [other]]
    [[deleted]] = [page["DeleteMarkers"] for page in found if "DeleteMarkers" in page]
    assert (deleted["VersionId"], deleted["IsLatest"]) == (marker, True)
    assert [page["NextVersionIdMarker"] for page in found[:2]] == [made[2], made[0]]


def test_versions_go_on_behind_one_that_was_deleted_meanwhile(s3: Any) -> None:
    """Who deletes page by page must not miss any."""
    bucket = filled(s3, "deleted-meanwhile")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    made = [s3.put_object(Bucket=bucket, Key="k", Body=body)["VersionId"] for body in (b"1", b"2", b"3")]
    first = s3.list_object_versions(Bucket=bucket, MaxKeys=1)
    s3.delete_object(Bucket=bucket, Key="k", VersionId=made[2])

    rest = s3.list_object_versions(
        Bucket=bucket, KeyMarker=first["NextKeyMarker"], VersionIdMarker=first["NextVersionIdMarker"]
    )

    assert [each["VersionId"] for each in rest["Versions"]] == [made[1], made[0]]


def test_uploads_are_paged(s3: Any) -> None:
    """By key, and by upload within a key; common prefixes too."""
    bucket = filled(s3, "uploads")
    made = [s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"] for key in ("a", "a", "b/1", "b/2")]
    follow = {"KeyMarker": "NextKeyMarker", "UploadIdMarker": "NextUploadIdMarker"}

    found = list(pages(s3.list_multipart_uploads, follow, Bucket=bucket, MaxUploads=1, Delimiter="/"))

    uploads = [[each["UploadId"] for each in page.get("Uploads", [])] for page in found]
    assert uploads == [[made[0]], [made[1]], []]
    assert [each["Prefix"] for each in found[2]["CommonPrefixes"]] == ["b/"]


def test_buckets_are_paged(s3: Any) -> None:
    """By name, with their region, where any of it is asked for."""
    wanted = [filled(s3, name) for name in ("paged-a", "paged-b", "paged-c")]
    first = s3.list_buckets(Prefix="paged-", MaxBuckets=2)
    rest = s3.list_buckets(Prefix="paged-", ContinuationToken=first["ContinuationToken"])

    found = [each["Name"] for each in first["Buckets"] + rest["Buckets"]]
    assert found == wanted
    assert (first["Prefix"], first["Buckets"][0]["BucketRegion"]) == ("paged-", "eu-central-1")
    assert "ContinuationToken" not in rest
    assert s3.list_buckets(Prefix="paged-", BucketRegion="us-west-2")["Buckets"] == []
    refused("InvalidArgument", s3.list_buckets, MaxBuckets=10_001)


def test_a_quiet_delete_tells_of_errors_alone(s3: Any) -> None:
    """What was deleted is gone, and not said."""
    bucket = filled(s3, "quiet", "a", "b")

    loud = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a"}]})
    quiet = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "b"}], "Quiet": True})

    assert [each["Key"] for each in loud["Deleted"]] == ["a"]
    assert "Deleted" not in quiet
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
