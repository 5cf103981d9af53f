"""Where a bucket's server access log may go: a bucket of the same region that lets S3 deliver."""

from __future__ import annotations

from typing import Any

from bench.aws_truth.account import Account, document
from bench.aws_truth.case import Attempt, Case

BAD = "InvalidTargetBucketForLogging"
DELIVERY = {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject"}


def _log(says: str, code: str | None, *, under: str = "*", place: str = "eu-central-1", **more: Any) -> Case:
    """A log into a new bucket whose policy has one statement, with these elements instead of the usual ones."""

    def prepare(account: Account) -> Attempt:
        s3, logged, logs = account.admin("s3"), account.bucket(), account.name("logs")
        there = account.client("s3", account.keys, region_name=place)
        there.create_bucket(Bucket=logs, CreateBucketConfiguration={"LocationConstraint": place})
        said = {**DELIVERY, "Resource": f"arn:aws:s3:::{logs}/{under}", **more}
        for values in said.get("Condition", {}).values():
            values |= {key: value.format(id=account.id, logged=logged) for key, value in values.items()}
        there.put_bucket_policy(Bucket=logs, Policy=document(said))
        to = {"TargetBucket": logs, "TargetPrefix": "backups/"}
        return lambda: s3.put_bucket_logging(Bucket=logged, BucketLoggingStatus={"LoggingEnabled": to})

    return Case(f"a log into a bucket that lets S3 deliver {says}", prepare, code)


CASES = [
    _log("anywhere", None),
    _log("under the log's prefix", None, under="backups/*"),
    _log("under another prefix", BAD, under="media/*"),
    _log("for this bucket", None, Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::{logged}"}}),
    _log("for another bucket", BAD, Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::another"}}),
    _log("for this account", None, Condition={"StringEquals": {"aws:SourceAccount": "{id}"}}),
    _log("for another account", BAD, Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}}),
    _log("by TLS", None, Condition={"Bool": {"aws:SecureTransport": "true"}}),
    _log("as another service", BAD, Principal={"Service": "cloudtrail.amazonaws.com"}),
    _log("never", BAD, Effect="Deny"),
    _log("but is elsewhere", "CrossLocationLoggingProhibited", place="us-west-2"),
]
