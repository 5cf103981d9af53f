"""Delivers server access logs: what was noted of a bucket's requests, as objects of another, by the minute.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from moto.s3 import models

from localcloud.aws.iam import service_calls
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.requests.s3_things import bucket_named
from localcloud.aws.payload import Held
from localcloud.aws.replies import AwsError
from localcloud.aws.services.s3 import encryption
from localcloud.aws.services.s3.bodies import keep
from localcloud.aws.services.s3.checksums import DEFAULT, checksum
from localcloud.aws.services.s3.encryption import Encryption
from localcloud.aws.services.s3.log_record import Record
from localcloud.aws.services.s3.new_object import NewObject
from localcloud.aws.services.s3.retention import Lock
from localcloud.aws.services.s3.writing import new_version

SERVICE = "logging.s3.amazonaws.com"
BATCH = timedelta(minutes=1)  # of the cloud's time; AWS takes hours, and promises nothing
MOST = 10_000  # records that wait for one bucket: more are delivered at once
_log = logging.getLogger(__name__)
# What was not delivered yet, by the logged bucket. Delivery is at best effort: what ends unforeseen loses it.
_waiting: dict[str, list[Record]] = {}


def of(bucket: Any) -> Mapping[str, Any] | None:
    """Where to a bucket's requests are logged; None where they are not."""
    found: Mapping[str, Any] | None = bucket.settings.get("logging", {}).get("LoggingEnabled")
    return found


def add(record: Record) -> None:
    """Have it delivered with the next batch."""
    _waiting.setdefault(record.bucket, []).append(record)


def next_due() -> datetime | None:
    """When the next batch goes."""
    return min((records[0].at + BATCH for records in _waiting.values()), default=None)


def deliver(now: datetime, *, all_: bool = False) -> list[tuple[str, str, str]]:
    """Write what is due, by now or at all: the logged bucket, the log's name, what stood in the way.

    To be called while the state is locked.
    """
    due = [name for name, records in _waiting.items() if all_ or records[0].at + BATCH <= now or len(records) >= MOST]
    delivered = []
    for name in due:
        bucket, records = bucket_named(name), _waiting.pop(name)
        if bucket is None or (to := of(bucket)) is None:
            continue  # nobody wants to know any more
        for key, batch in _objects(bucket, to, records, now):
            problem = _put(bucket, to, key, batch)
            delivered.append((name, f"{to['TargetBucket']}/{key}", problem))
            if problem:
                _log.warning("the access log of %s is lost: %s", name, problem)
    return delivered


def refusal(bucket: Any, target: Any, key: str) -> AwsError | None:
    """Why S3's log delivery may not write an object into the target; None where it may."""
    arn = f"{target.arn}/{key}"
    document = (target.policy or b'{"Statement": []}').decode()
    granted = target.ownership_rule != "BucketOwnerEnforced" and target._log_permissions_enabled_acl(target)
    ask = Ask("s3:PutObject", arn, {}, ResourcePolicy(document, target.account_id), granted=granted)
    caller = service_calls.service_caller(SERVICE, target.account_id)
    try:
        service_calls.check(caller, [ask], source_arn=bucket.arn, account=bucket.account_id)
    except AwsError as problem:
        return problem
    return None


def example(to: Mapping[str, Any]) -> str:
    """A name that a log could have there."""
    return f"{to.get('TargetPrefix', '')}2006-03-01-00-00-00-0123456789ABCDEF"


def _objects(
    bucket: Any, to: Mapping[str, Any], records: list[Record], now: datetime
) -> Iterator[tuple[str, list[Record]]]:
    """The names of the logs, and what is in each: one, but for partitions by the day of the event."""
    prefix, partitions = to.get("TargetPrefix", ""), to.get("TargetObjectKeyFormat", {}).get("PartitionedPrefix")
    if partitions is None:
        yield f"{prefix}{now:%Y-%m-%d-%H-%M-%S}-{_unique()}", records
        return
    place = f"{prefix}{bucket.account_id}/{bucket.region_name}/{bucket.name}"
    if partitions.get("PartitionDateSource") == "EventTime":
        for day in sorted({record.at.date() for record in records}):
            of_day = [record for record in records if record.at.date() == day]
            yield f"{place}/{day:%Y/%m/%d/%Y-%m-%d}-00-00-00-{_unique()}", of_day
    else:
        yield f"{place}/{now:%Y/%m/%d/%Y-%m-%d-%H-%M-%S}-{_unique()}", records


def _unique() -> str:
    return secrets.token_hex(8).upper()


def _put(bucket: Any, to: Mapping[str, Any], key: str, records: list[Record]) -> str:
    target = bucket_named(to["TargetBucket"])
    if target is None:
        return f"the bucket {to['TargetBucket']} is gone"
    if problem := refusal(bucket, target, key):
        return f"{target.name} does not let it be delivered: {problem.message}"
    if hindrance := _hindrance(target):
        return f"{target.name} {hindrance}"
    body = Held("".join(f"{record.line}\n" for record in records).encode())
    attributes = NewObject(
        metadata={"content-type": "text/plain"},
        storage_class="STANDARD",
        encryption=Encryption("AES256"),
        lock=Lock(),
        acl=models.get_canned_acl("private"),
    )
    version = new_version(target, key, keep(body), attributes)
    version.keep_checksum(checksum(DEFAULT, body.chunks()))
    return ""


def _hindrance(target: Any) -> str:
    """What a bucket must not have to get logs, and S3 lets it have all the same."""
    if encryption.of_new({}, target).by_kms:
        return "encrypts by KMS by default, which log delivery does not support"
    if getattr(target, "default_lock_mode", None):
        return "has a default retention"
    if target.settings.get("payment", {}).get("Payer") == "Requester":
        return "lets requesters pay"
    return ""
