"""The bytes of S3's objects: on disk once, for as long as something has them, and never in memory whole."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from botocore.exceptions import ClientError

from tests.support.aws_daemon import Aws, refused, running
from tests.support.waiting import eventually

PLACE = {"LocationConstraint": "eu-central-1"}
PART = 5 << 20


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[Aws]:
    """A daemon for each test, whose disk is looked at."""
    with running(tmp_path) as daemon:
        yield daemon


@pytest.fixture
def s3(aws: Aws) -> Any:
    """A client; the bucket `bodies` is there."""
    client = aws.client("s3")
    client.create_bucket(Bucket="bodies", CreateBucketConfiguration=PLACE)
    return client


def kept(aws: Aws) -> list[int]:
    """The sizes of all files of bodies, in order."""
    files = (aws.root / ".local/aws/objects").rglob("*")
    return sorted(file.stat().st_size for file in files if file.is_file())


def test_a_deleted_body_leaves_the_disk_at_once(aws: Aws, s3: Any) -> None:
    """With the last that has it: another version, a copy and a part of the same bytes keep it."""
    s3.put_bucket_versioning(Bucket="bodies", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="bodies", Key="a", Body=b"x" * 1000)["VersionId"]
    second = s3.put_object(Bucket="bodies", Key="a", Body=b"x" * 1000)["VersionId"]
    copy = s3.copy_object(Bucket="bodies", Key="b", CopySource="bodies/a")["VersionId"]
    upload = s3.create_multipart_upload(Bucket="bodies", Key="c")["UploadId"]
    s3.upload_part(Bucket="bodies", Key="c", UploadId=upload, PartNumber=1, Body=b"x" * 1000)
    s3.put_object(Bucket="bodies", Key="stays", Body=b"s" * 10)

    s3.delete_object(Bucket="bodies", Key="a", VersionId=first)
    s3.delete_object(Bucket="bodies", Key="a", VersionId=second)
    s3.delete_object(Bucket="bodies", Key="b", VersionId=copy)
    aws.saved()
    before = kept(aws)
    s3.abort_multipart_upload(Bucket="bodies", Key="c", UploadId=upload)

    assert before == [10, 1000]
    eventually(lambda: kept(aws) == [10])


def test_what_is_overwritten_or_left_out_leaves_the_disk(aws: Aws, s3: Any) -> None:
    """An object under a new one, a part sent again, and a part that the completion does not name."""
    s3.put_object(Bucket="bodies", Key="a", Body=b"1" * 11)
    upload = {"Bucket": "bodies", "Key": "b"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    s3.upload_part(**upload, PartNumber=1, Body=b"2" * 12)
    aws.saved()
    s3.upload_part(**upload, PartNumber=1, Body=b"3" * 13)
    eventually(lambda: kept(aws) == [11, 13])
    s3.upload_part(**upload, PartNumber=2, Body=b"4" * 14)
    aws.saved()

    s3.put_object(Bucket="bodies", Key="a", Body=b"5" * 15)
    [part, _] = s3.list_parts(**upload)["Parts"]
    named = [{"PartNumber": 1, "ETag": part["ETag"]}]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": named})

    eventually(lambda: kept(aws) == [13, 15])


def test_what_was_refused_leaves_nothing(aws: Aws, s3: Any) -> None:
    """Neither a body of a wrong digest, nor one that came too late."""
    s3.put_object(Bucket="bodies", Key="a", Body=b"1" * 10)

    refused(
        "BadDigest", s3.put_object, Bucket="bodies", Key="b", Body=b"2" * 20, ContentMD5="AAAAAAAAAAAAAAAAAAAAAA=="
    )
    refused("PreconditionFailed", s3.put_object, Bucket="bodies", Key="a", Body=b"3" * 30, IfNoneMatch="*")

    eventually(lambda: kept(aws) == [10])


def test_bytes_are_deleted_only_once_that_is_written_down(aws: Aws, s3: Any) -> None:
    """A daemon that is killed right after a deletion finds whatever its state still speaks of."""
    s3.put_object(Bucket="bodies", Key="a", Body=b"1" * 10)
    aws.saved()

    s3.delete_object(Bucket="bodies", Key="a")
    aws.kill()
    aws.start()

    there = [each["Size"] for each in s3.list_objects_v2(Bucket="bodies").get("Contents", [])]
    assert kept(aws) == there
    assert [len(s3.get_object(Bucket="bodies", Key="a")["Body"].read()) for _ in there] == there


def test_a_reader_gets_what_is_deleted_meanwhile(aws: Aws, s3: Any) -> None:
    """Also the parts that were not yet opened when it went."""
    body = b"".join(bytes([number]) * PART for number in range(8))
    upload = {"Bucket": "bodies", "Key": "a"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    parts = []
    for number in range(8):
        part = body[number * PART : (number + 1) * PART]
        sent = s3.upload_part(**upload, PartNumber=number + 1, Body=part)
        parts.append({"PartNumber": number + 1, "ETag": sent["ETag"]})
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    answer = s3.get_object(Bucket="bodies", Key="a")["Body"]
    begun = answer.read(1000)

    s3.delete_object(Bucket="bodies", Key="a")
    aws.saved()

    assert begun + answer.read() == body
    s3.put_object(Bucket="bodies", Key="b", Body=b"2" * 10)
    eventually(lambda: kept(aws) == [10])


def test_a_full_disk_is_an_error_and_leaves_nothing_half_made(aws: Aws, s3: Any) -> None:
    """The object before is there as it was; afterwards, writing works again."""
    s3.put_object(Bucket="bodies", Key="a", Body=b"before")
    folder = aws.root / ".local/aws/objects"
    folder.rename(folder.with_name("away"))
    folder.write_text("in the way: stands for a full disk, also for root")

    with pytest.raises(ClientError, match="cannot keep the body") as error:
        s3.put_object(Bucket="bodies", Key="a", Body=b"after, which finds no room")

    folder.unlink()
    folder.with_name("away").rename(folder)
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert s3.get_object(Bucket="bodies", Key="a")["Body"].read() == b"before"
    assert len(s3.list_objects_v2(Bucket="bodies")["Contents"]) == 1
    s3.put_object(Bucket="bodies", Key="a", Body=b"after")
    assert s3.get_object(Bucket="bodies", Key="a")["Body"].read() == b"after"


def test_of_two_who_must_be_first_one_is(s3: Any, aws: Aws) -> None:
    """Eight clients at once put the same key if it is not there: one succeeds, seven hear 412."""
    ready = threading.Barrier(8)

    def put(number: int) -> str:
        client = aws.client("s3")
        ready.wait(20)
        try:
            client.put_object(Bucket="bodies", Key="one", Body=str(number).encode(), IfNoneMatch="*")
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "made"

    with ThreadPoolExecutor(8) as pool:
        heard = sorted(pool.map(put, range(8)))

    assert heard == ["PreconditionFailed"] * 7 + ["made"]


def test_a_large_object_is_read_and_copied_from_disk(aws: Aws, s3: Any) -> None:
    """60 MB that came in parts are sent in full, in ranges and to a copy, and memory grows by less than half."""
    assert aws.process
    process = psutil.Process(aws.process.pid)
    upload = {"Bucket": "bodies", "Key": "large"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    parts = []
    for number in range(1, 13):
        sent = s3.upload_part(**upload, PartNumber=number, Body=bytes([number]) * PART)
        parts.append({"PartNumber": number, "ETag": sent["ETag"]})
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    before = process.memory_info().rss

    s3.copy_object(Bucket="bodies", Key="copy", CopySource="bodies/large")
    whole = sum(len(chunk) for chunk in s3.get_object(Bucket="bodies", Key="copy")["Body"].iter_chunks(1 << 20))
    across = s3.get_object(Bucket="bodies", Key="large", Range=f"bytes={PART - 2}-{PART + 1}")
    last = s3.get_object(Bucket="bodies", Key="large", PartNumber=12)

    assert whole == 12 * PART
    assert (across["Body"].read(), across["ContentRange"]) == (
        b"\x01\x01\x02\x02",
        f"bytes {PART - 2}-{PART + 1}/{12 * PART}",
    )
    assert (last["Body"].read() == b"\x0c" * PART, last["PartsCount"]) == (True, 12)
    assert process.memory_info().rss - before < 30 << 20
    assert kept(aws) == [PART] * 12


def test_uploads_have_a_date_of_their_own(s3: Any) -> None:
    """That on which they were begun, so that a cleaner leaves the fresh ones alone."""
    s3.create_multipart_upload(Bucket="bodies", Key="a")

    [upload] = s3.list_multipart_uploads(Bucket="bodies")["Uploads"]

    assert abs(upload["Initiated"] - datetime.now(UTC)) < timedelta(minutes=1)
