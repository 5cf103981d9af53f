"""Lifecycle rules carried out as the clock goes on: what expires, what stays, what moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.aws_daemon import Aws, running
from tests.support.waiting import eventually


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """A local AWS whose clock only these tests move."""
    with running(tmp_path_factory.mktemp("moving")) as aws:
        yield aws


def _bucket(aws: Aws, name: str, *rules: dict[str, Any], versioned: bool = False, **options: Any) -> Any:
    s3 = aws.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=name, **options)
    if versioned:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    written = [{"Status": "Enabled", "Filter": {"Prefix": ""}, **rule} for rule in rules]
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": written})
    return s3


def _names(s3: Any, bucket: str) -> list[str]:
    return [each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


def _bodies(aws: Aws) -> set[bytes]:
    return {file.read_bytes() for file in (aws.root / ".local/aws/objects").glob("??/*")}


def test_objects_expire_at_the_midnight_after_their_days(moving: Aws) -> None:
    """Not before, only those that the rule is about; and their bodies leave the disk."""
    s3 = _bucket(moving, "plain", {"Filter": {"Prefix": "old/"}, "Expiration": {"Days": 3}})
    s3.put_object(Bucket="plain", Key="old/a", Body=b"expiring body")
    s3.put_object(Bucket="plain", Key="new/a", Body=b"kept body")

    moving.move_clock("+3d")
    before = _names(s3, "plain")
    said = moving.move_clock("+1d")

    assert (before, _names(s3, "plain")) == (["new/a", "old/a"], ["new/a"])
    told = [(each["what"], each["name"]) for each in said["happened"] if each["name"] == "plain"]
    assert told == [("expired object", "plain")]
    eventually(lambda: b"expiring body" not in _bodies(moving))
    assert b"kept body" in _bodies(moving)


def test_expiry_is_at_midnight_in_utc(moving: Aws) -> None:
    """Whatever time of the day the object is of."""
    s3 = _bucket(moving, "midnight", {"Expiration": {"Days": 1}})
    s3.put_object(Bucket="midnight", Key="a", Body=b"1")

    said = moving.move_clock("+50h")

    [happened] = [each for each in said["happened"] if each["name"] == "midnight"]
    assert datetime.fromisoformat(happened["at"]).strftime("%H:%M") == "00:00"


def test_versions_expire_when_they_have_been_replaced_for_their_days(moving: Aws) -> None:
    """The newest of them stay as many as the rule says; the current one stays."""
    rule = {"NoncurrentVersionExpiration": {"NoncurrentDays": 7, "NewerNoncurrentVersions": 2}}
    s3 = _bucket(moving, "versions", rule, versioned=True)
    ids = [s3.put_object(Bucket="versions", Key="a", Body=str(n).encode())["VersionId"] for n in range(5)]

    moving.move_clock("+6d")
    before = len(s3.list_object_versions(Bucket="versions")["Versions"])
    moving.move_clock("+3d")

    left = [each["VersionId"] for each in s3.list_object_versions(Bucket="versions")["Versions"]]
    assert (before, sorted(left)) == (5, sorted(ids[2:]))


def test_with_versions_what_expires_is_hidden_then_its_versions_go_then_the_marker(moving: Aws) -> None:
    """As one rule with all three says."""
    rule = {
        "Expiration": {"Days": 5},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 10},
    }
    s3 = _bucket(moving, "hidden", rule, {"Expiration": {"ExpiredObjectDeleteMarker": True}}, versioned=True)
    s3.put_object(Bucket="hidden", Key="a", Body=b"1")

    moving.move_clock("+7d")
    after_a_week = s3.list_object_versions(Bucket="hidden")
    moving.move_clock("+14d")
    after_all = s3.list_object_versions(Bucket="hidden")

    assert len(after_a_week["Versions"]) == len(after_a_week["DeleteMarkers"]) == 1
    assert ("Versions" in after_all, "DeleteMarkers" in after_all) == (False, False)


def test_what_is_locked_does_not_expire(moving: Aws) -> None:
    """Neither under retention nor under a legal hold; when the retention has ended, it goes."""
    rule = {"Expiration": {"Days": 1}, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}}
    s3 = _bucket(moving, "locked", rule, ObjectLockEnabledForBucket=True)
    now = datetime.fromisoformat(moving.move_clock("")["now"])
    until = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": now + timedelta(days=20)}
    s3.put_object(Bucket="locked", Key="retained", Body=b"1", **until)
    s3.put_object(Bucket="locked", Key="held", Body=b"1", ObjectLockLegalHoldStatus="ON")
    s3.put_object(Bucket="locked", Key="free", Body=b"1")

    moving.move_clock("+10d")
    during = [each["Key"] for each in s3.list_object_versions(Bucket="locked")["Versions"]]
    moving.move_clock("+12d")
    after = [each["Key"] for each in s3.list_object_versions(Bucket="locked")["Versions"]]

    assert (during, after) == (["held", "retained"], ["held"])


def test_an_unfinished_upload_is_given_up(moving: Aws) -> None:
    """After its days; one of another prefix goes on."""
    rule = {"Filter": {"Prefix": "a/"}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2}}
    s3 = _bucket(moving, "uploads", rule)
    for key in ("a/1", "b/1"):
        begun = s3.create_multipart_upload(Bucket="uploads", Key=key)
        s3.upload_part(
            Bucket="uploads", Key=key, UploadId=begun["UploadId"], PartNumber=1, Body=f"part {key}".encode()
        )

    moving.move_clock("+4d")

    assert [each["Key"] for each in s3.list_multipart_uploads(Bucket="uploads")["Uploads"]] == ["b/1"]
    eventually(lambda: b"part a/1" not in _bodies(moving))
    assert b"part b/1" in _bodies(moving)


def test_tags_and_sizes_choose_what_expires(moving: Aws) -> None:
    """All of what the rule names must fit."""
    chosen = {"And": {"Prefix": "", "Tags": [{"Key": "class", "Value": "daily"}], "ObjectSizeGreaterThan": 2}}
    s3 = _bucket(moving, "chosen", {"Filter": chosen, "Expiration": {"Days": 1}})
    for key, body, tag in (("a", b"large", "daily"), ("b", b"1", "daily"), ("c", b"large", "monthly")):
        s3.put_object(Bucket="chosen", Key=key, Body=body, Tagging=f"class={tag}")

    moving.move_clock("+3d")

    assert _names(s3, "chosen") == ["b", "c"]


def test_objects_move_to_a_colder_class(moving: Aws) -> None:
    """By each transition when its days have passed; small ones stay, as since 2024."""
    moves = [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}]
    s3 = _bucket(moving, "moved", {"Transitions": moves})
    s3.put_object(Bucket="moved", Key="large", Body=b"x" * 131_072)
    s3.put_object(Bucket="moved", Key="small", Body=b"x")

    seen = []
    for days in ("+29d", "+3d", "+60d"):
        moving.move_clock(days)
        seen.append([each["StorageClass"] for each in s3.list_objects_v2(Bucket="moved")["Contents"]])

    assert seen == [["STANDARD", "STANDARD"], ["STANDARD_IA", "STANDARD"], ["GLACIER", "STANDARD"]]


def test_a_rule_that_is_switched_off_does_nothing(moving: Aws) -> None:
    """Until it is enabled."""
    s3 = _bucket(moving, "off", {"Status": "Disabled", "Expiration": {"Days": 1}})
    s3.put_object(Bucket="off", Key="a", Body=b"1")

    moving.move_clock("+5d")

    assert _names(s3, "off") == ["a"]
