"""S3 Object Lock: what keeps a version, seen and changed by real clients."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig

from tests.support.aws_daemon import Aws, refused, running

PLACE = {"LocationConstraint": "eu-central-1"}
PART = 5 << 20
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)


def locked(s3: Any, name: str, mode: str = "COMPLIANCE", days: int = 0) -> str:
    """A bucket with Object Lock; with a default retention of so many days, if any."""
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True, CreateBucketConfiguration=PLACE)
    if days:
        rule = {"DefaultRetention": {"Mode": mode, "Days": days}}
        configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
        s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=configuration)
    return name


def test_what_a_client_sends_in_parts_is_kept_as_what_it_sends_at_once(aws: Aws) -> None:
    """The transfer of 12 MB, which goes in parts, can't be deleted by version for as long as the bucket says."""
    s3 = aws.client("s3")
    bucket = locked(s3, "lock-parts", days=30)
    parts = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, max_concurrency=2)

    s3.upload_fileobj(_Zeros(12 << 20), bucket, "large", Config=parts)

    head = s3.head_object(Bucket=bucket, Key="large")
    days = (head["ObjectLockRetainUntilDate"] - datetime.now(UTC)) / timedelta(days=1)
    assert (head["ContentLength"], head["ObjectLockMode"]) == (12 << 20, "COMPLIANCE")
    assert head["ETag"].endswith('-3"')
    assert 29.9 < days <= 30
    refused("AccessDenied", s3.delete_object, Bucket=bucket, Key="large", VersionId=head["VersionId"])


class _Zeros:
    """So many zeros, as a file that can be read once."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int = -1) -> bytes:
        """The next of them."""
        size = self._left if size < 0 else min(size, self._left)
        self._left -= size
        return bytes(size)


def test_retention_and_hold_are_told_as_they_were_put(aws: Aws) -> None:
    """By their own calls, by HEAD and by GET; of the version that is named."""
    s3 = aws.client("s3")
    bucket = locked(s3, "lock-told")
    first = s3.put_object(Bucket=bucket, Key="a", Body=b"1")["VersionId"]
    s3.put_object(Bucket=bucket, Key="a", Body=b"2")
    retention = {"Mode": "GOVERNANCE", "RetainUntilDate": SOON}

    s3.put_object_retention(Bucket=bucket, Key="a", VersionId=first, Retention=retention)
    s3.put_object_legal_hold(Bucket=bucket, Key="a", VersionId=first, LegalHold={"Status": "ON"})

    assert s3.get_object_retention(Bucket=bucket, Key="a", VersionId=first)["Retention"] == retention
    assert s3.get_object_legal_hold(Bucket=bucket, Key="a", VersionId=first)["LegalHold"] == {"Status": "ON"}
    for answer in (
        s3.head_object(Bucket=bucket, Key="a", VersionId=first),
        s3.get_object(Bucket=bucket, Key="a", VersionId=first),
    ):
        told = {name: answer[name] for name in answer if name.startswith("ObjectLock")}
        assert told == {
            "ObjectLockMode": "GOVERNANCE",
            "ObjectLockRetainUntilDate": SOON,
            "ObjectLockLegalHoldStatus": "ON",
        }
    refused("NoSuchObjectLockConfiguration", s3.get_object_retention, Bucket=bucket, Key="a")


def test_the_default_of_a_bucket_that_holds_objects_can_be_changed(aws: Aws) -> None:
    """It holds for versions made from then on; those before are as they were."""
    s3 = aws.client("s3")
    bucket = locked(s3, "lock-changed", "GOVERNANCE", days=1)
    before = s3.put_object(Bucket=bucket, Key="a", Body=b"1")["VersionId"]
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 1}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}

    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)

    assert s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"] == configuration
    s3.put_object(Bucket=bucket, Key="a", Body=b"2")
    after = s3.head_object(Bucket=bucket, Key="a")
    assert after["ObjectLockMode"] == "COMPLIANCE"
    assert after["ObjectLockRetainUntilDate"] - datetime.now(UTC) > timedelta(days=364)
    assert s3.head_object(Bucket=bucket, Key="a", VersionId=before)["ObjectLockMode"] == "GOVERNANCE"


def test_a_batch_reports_what_is_locked_and_deletes_the_rest(aws: Aws) -> None:
    """Each version by itself, with AWS's words."""
    s3 = aws.client("s3")
    bucket = locked(s3, "lock-batch")
    lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": SOON}
    kept = s3.put_object(Bucket=bucket, Key="kept", Body=b"1", **lock)["VersionId"]
    gone = s3.put_object(Bucket=bucket, Key="gone", Body=b"1")["VersionId"]
    named = [{"Key": "kept", "VersionId": kept}, {"Key": "gone", "VersionId": gone}]

    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": named})

    assert answer["Deleted"] == [{"Key": "gone", "VersionId": gone}]
    assert answer["Errors"] == [
        {
            "Key": "kept",
            "VersionId": kept,
            "Code": "AccessDenied",
            "Message": "Access Denied because object protected by object lock.",
        }
    ]


def test_a_copy_is_locked_as_its_destination_says(aws: Aws) -> None:
    """By the bucket's default, or by the copy's own headers; never as its source was."""
    s3 = aws.client("s3")
    source, target = locked(s3, "lock-source"), locked(s3, "lock-target", days=1)
    lock = {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": SOON}
    s3.put_object(Bucket=source, Key="a", Body=b"1", ObjectLockLegalHoldStatus="ON", **lock)

    s3.copy_object(Bucket=target, Key="by-default", CopySource=f"{source}/a")
    s3.copy_object(Bucket=target, Key="by-itself", CopySource=f"{source}/a", **lock)
    s3.copy_object(Bucket=source, Key="b", CopySource=f"{source}/a")

    by_default = s3.head_object(Bucket=target, Key="by-default")
    by_itself = s3.head_object(Bucket=target, Key="by-itself")
    assert (by_default["ObjectLockMode"], "ObjectLockLegalHoldStatus" in by_default) == ("COMPLIANCE", False)
    assert (by_itself["ObjectLockMode"], by_itself["ObjectLockRetainUntilDate"]) == ("GOVERNANCE", SOON)
    assert "ObjectLockMode" not in s3.head_object(Bucket=source, Key="b")


def test_locks_are_there_after_a_kill(tmp_path: Any) -> None:
    """And so are the checksums and the parts."""
    with running(tmp_path) as aws:
        s3 = aws.client("s3")
        bucket = locked(s3, "lock-kept", days=1)
        put = s3.put_object(Bucket=bucket, Key="a", Body=b"123456789")
        aws.saved()
        aws.kill()
        aws.start()

        head = s3.head_object(Bucket=bucket, Key="a", ChecksumMode="ENABLED")

        assert (head["ChecksumCRC32"], head["ObjectLockMode"]) == (put["ChecksumCRC32"], "COMPLIANCE")
        refused("AccessDenied", s3.delete_object, Bucket=bucket, Key="a", VersionId=put["VersionId"])


@pytest.mark.parametrize("how", ["put_object", "upload_part"])
def test_what_is_locked_must_say_what_it_is(aws: Aws, how: str) -> None:
    """A put or a part without MD5 and checksum is refused where Object Lock would keep it."""
    s3 = aws.client("s3")
    bucket = locked(s3, f"lock-said-{how.replace('_', '-')}", days=1)
    named: dict[str, Any] = {"Bucket": bucket, "Key": "a"}
    if how == "upload_part":
        named |= {"UploadId": s3.create_multipart_upload(**named)["UploadId"], "PartNumber": 1}
    silent = aws.client("s3")

    def say_nothing(request: Any, **_: Any) -> None:
        for name in [name for name in request.headers if name.lower().startswith(("x-amz-checksum", "x-amz-sdk"))]:
            del request.headers[name]

    silent.meta.events.register("before-sign.s3", say_nothing)

    refused("InvalidRequest", getattr(silent, how), Body=b"x", **named)
    getattr(s3, how)(Body=b"x", **named)
