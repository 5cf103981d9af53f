"""Who read, wrote and deleted what in a bucket stands in its server access log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.aws_daemon import Aws, refused, running, words

ACCOUNT = "123456789012"
SERVICE = {"Service": "logging.s3.amazonaws.com"}
FIELD = re.compile(r'\[[^\]]*\]|"[^"]*"|\S+')


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """A local AWS whose clock only these tests move."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        yield daemon


def buckets(s3: Any, name: str, **condition: Any) -> tuple[str, str]:
    """A bucket and one for its logs that lets S3 deliver under these conditions."""
    logged, logs = f"{name}-data", f"{name}-logs"
    where = {"LocationConstraint": "eu-central-1"}
    for bucket in (logged, logs):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    allow = {"Effect": "Allow", "Principal": SERVICE, "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{logs}/*"}
    if condition:
        allow["Condition"] = condition
    s3.put_bucket_policy(Bucket=logs, Policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
    return logged, logs


def begin(s3: Any, logged: str, logs: str, **more: Any) -> None:
    """Log the one into the other."""
    to = {"TargetBucket": logs, "TargetPrefix": "backups/", **more}
    s3.put_bucket_logging(Bucket=logged, BucketLoggingStatus={"LoggingEnabled": to})


def delivered(s3: Any, logs: str) -> dict[str, list[list[str]]]:
    """The logs by their names: the fields of their records, in order of arrival."""
    names = [each["Key"] for each in s3.list_objects_v2(Bucket=logs).get("Contents", [])]
    texts = {name: s3.get_object(Bucket=logs, Key=name)["Body"].read().decode() for name in names}
    return {name: [FIELD.findall(line) for line in text.splitlines()] for name, text in texts.items()}


def records(s3: Any, logs: str) -> list[list[str]]:
    """All records of all logs."""
    return [record for of_one in delivered(s3, logs).values() for record in of_one]


def test_who_read_a_backup_stands_in_the_log(aws: Aws) -> None:
    """With the key, the answer and how it was signed; also who was refused, and who did not say who they are."""
    s3, iam = aws.client("s3"), aws.client("iam")
    logged, logs = buckets(
        s3,
        "read",
        ArnLike={"aws:SourceArn": "arn:aws:s3:::read-data"},
        StringEquals={"aws:SourceAccount": ACCOUNT},
    )
    begin(s3, logged, logs)
    s3.put_object(Bucket=logged, Key="daily/one.age", Body=b"sealed")
    iam.create_user(UserName="reader")
    reader = aws.client("s3", iam.create_access_key(UserName="reader")["AccessKey"])
    refused("AccessDenied", reader.get_object, Bucket=logged, Key="daily/one.age")
    s3.get_object(Bucket=logged, Key="daily/one.age", Range="bytes=0-1")
    requests.get(f"{aws.url}/{logged}/daily/one.age", timeout=20)

    aws.move_clock("+1m")

    [(name, [_, *found])] = delivered(s3, logs).items()  # the first is what began the log
    assert re.fullmatch(r"backups/\d{4}(-\d\d){5}-[0-9A-F]{16}", name)
    administrator = aws.client("sts").get_caller_identity()["Arn"]
    user = f"arn:aws:iam::{ACCOUNT}:user/reader"
    assert [(len(each), *(each[at] for at in (4, 6, 7, 9, 10, 21))) for each in found] == [
        (26, administrator, "REST.PUT.OBJECT", "daily/one.age", "200", "-", "AuthHeader"),
        (26, user, "REST.GET.OBJECT", "daily/one.age", "403", "AccessDenied", "AuthHeader"),
        (26, administrator, "REST.GET.OBJECT", "daily/one.age", "206", "-", "AuthHeader"),
        (26, "-", "REST.GET.OBJECT", "daily/one.age", "403", "AccessDenied", "-"),
    ]
    [partial] = [each for each in found if each[9] == "206"]
    assert partial[1] == logged
    assert partial[8] == f'"GET /{logged}/daily/one.age HTTP/1.1"'
    assert partial[11:13] == ["2", "6"]
    assert partial[23] == "TLSv1.3"


def test_what_one_request_deletes_and_copies_is_told_one_by_one(aws: Aws) -> None:
    """Each deleted key has its record, and a copy one on both sides."""
    s3 = aws.client("s3")
    logged, logs = buckets(s3, "many")
    s3.put_object(Bucket=logged, Key="a", Body=b"a")
    begin(s3, logged, logs)
    s3.copy_object(Bucket=logged, Key="b b", CopySource=f"{logged}/a")
    s3.delete_objects(Bucket=logged, Delete={"Objects": [{"Key": "a"}, {"Key": "b b"}]})

    aws.move_clock("+1m")

    assert {(each[6], each[7], each[9]) for each in records(s3, logs)} - {
        ("REST.PUT.LOGGING_STATUS", "-", "200")
    } == {
        ("REST.COPY.OBJECT", "b%20b", "200"),
        ("REST.COPY.OBJECT_GET", "a", "200"),
        ("REST.POST.MULTI_OBJECT_DELETE", "-", "200"),
        ("BATCH.DELETE.OBJECT", "a", "204"),
        ("BATCH.DELETE.OBJECT", "b%20b", "204"),
    }


def test_a_log_is_kept_as_it_was_put_and_can_be_ended(aws: Aws) -> None:
    """Ended by an empty document: what is done from then on is not noted."""
    s3 = aws.client("s3")
    logged, logs = buckets(s3, "ended")
    begin(s3, logged, logs)
    kept = s3.get_bucket_logging(Bucket=logged)["LoggingEnabled"]
    s3.put_bucket_logging(Bucket=logged, BucketLoggingStatus={})
    s3.list_objects_v2(Bucket=logged)

    aws.move_clock("+1m")

    assert kept == {"TargetBucket": logs, "TargetPrefix": "backups/"}
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=logged)
    assert delivered(s3, logs) == {}


def test_a_log_comes_under_the_day_where_partitions_are_wanted(aws: Aws) -> None:
    """AWS's names: account, region, bucket, day."""
    s3 = aws.client("s3")
    logged, logs = buckets(s3, "days")
    begin(s3, logged, logs, TargetObjectKeyFormat={"PartitionedPrefix": {"PartitionDateSource": "EventTime"}})
    s3.list_objects_v2(Bucket=logged)

    aws.move_clock("+1m")

    [name] = delivered(s3, logs)
    place = rf"backups/{ACCOUNT}/eu-central-1/{logged}/(\d{{4}})/(\d\d)/(\d\d)/\1-\2-\3-00-00-00-[0-9A-F]{{16}}"
    assert re.fullmatch(place, name)


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("elsewhere", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::another-bucket"}}),
        ("stranger", {"StringEquals": {"aws:SourceAccount": "999999999999"}}),
    ],
)
def test_a_target_must_let_s3_deliver(aws: Aws, name: str, condition: dict[str, Any]) -> None:
    """For this bucket and account, not for another."""
    s3 = aws.client("s3")
    logged, logs = buckets(s3, name, **condition)

    code, message = words(
        s3.put_bucket_logging,
        Bucket=logged,
        BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": logs, "TargetPrefix": ""}},
    )

    assert code == "InvalidTargetBucketForLogging"
    assert message == "You must give the log-delivery group WRITE and READ_ACP permissions to the target bucket"


def test_a_target_that_lets_s3_deliver_no_longer_gets_nothing(aws: Aws) -> None:
    """Delivery is asked for anew each time; a refusal loses the records, and nobody else's call fails."""
    s3 = aws.client("s3")
    logged, logs = buckets(s3, "closed")
    begin(s3, logged, logs)
    s3.delete_bucket_policy(Bucket=logs)
    s3.list_objects_v2(Bucket=logged)

    said = aws.move_clock("+1m")

    assert delivered(s3, logs) == {}
    assert f"{logs} does not let it be delivered" in json.dumps(said)


def test_the_old_way_to_let_s3_deliver_still_works(aws: Aws) -> None:
    """By the ACL `log-delivery-write`, where the bucket has ACLs."""
    s3 = aws.client("s3")
    logged, logs = buckets(s3, "old")
    s3.delete_bucket_policy(Bucket=logs)
    owned = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    s3.put_bucket_ownership_controls(Bucket=logs, OwnershipControls=owned)
    s3.put_bucket_acl(Bucket=logs, ACL="log-delivery-write")
    begin(s3, logged, logs)
    s3.list_objects_v2(Bucket=logged)

    aws.move_clock("+1m")

    assert "REST.GET.BUCKET" in [each[6] for each in records(s3, logs)]


def test_what_was_noted_is_delivered_when_the_cloud_stops(tmp_path: Any) -> None:
    """A log of the last minute is not lost with an orderly end."""
    with running(tmp_path) as aws:
        s3 = aws.client("s3")
        logged, logs = buckets(s3, "last")
        begin(s3, logged, logs)
        s3.put_object(Bucket=logged, Key="k", Body=b"x")
        assert aws.terminate() == 0
        aws.start()

        assert "REST.PUT.OBJECT" in [each[6] for each in records(aws.client("s3"), logs)]
