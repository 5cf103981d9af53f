"""Buckets that lock their objects: what their configuration may say, and which versions it keeps."""

from __future__ import annotations

from typing import Any

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.objects import bucket, complete, put, upload

LOCKED = {"ObjectLockEnabledForBucket": True}


def _default(account: Account, mode: str = "COMPLIANCE", **period: int) -> str:
    """A bucket that locks what is put into it."""
    name = bucket(account, **LOCKED)
    rule = {"DefaultRetention": {"Mode": mode, **(period or {"Days": 1})}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    account.admin("s3").put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=configuration)
    return name


def _default_kept(how: str) -> Any:
    """The deletion of a version that got the bucket's default retention, whichever way it was made."""

    def prepare(account: Account) -> Attempt:
        s3, name = account.admin("s3"), _default(account)
        if how == "put":
            version = put(account, name)
        elif how == "upload":
            version = complete(account, upload(account, name))
        else:
            source = put(account, bucket(account))
            copied = s3.copy_object(Bucket=name, Key="a", CopySource={"Bucket": source["Bucket"], "Key": "a"})
            version = {"Bucket": name, "Key": "a", "VersionId": copied["VersionId"]}
        return lambda: s3.delete_object(**version)

    return prepare


def _configured(rule: dict[str, Any] | None, enabled: str = "Enabled", versioning: str = "Enabled") -> Any:
    """A lock configuration for a bucket that was made without one and has an object."""

    def prepare(account: Account) -> Attempt:
        s3, name = account.admin("s3"), bucket(account)
        if versioning:
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": versioning})
        put(account, name)
        configuration: dict[str, Any] = {"ObjectLockEnabled": enabled}
        if rule is not None:
            configuration["Rule"] = {"DefaultRetention": rule}
        return lambda: s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=configuration)

    return prepare


def _suspended(account: Account) -> Attempt:
    name = bucket(account, **LOCKED)
    versioning = {"Status": "Suspended"}
    return lambda: account.admin("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)


def _bucket_deleted(account: Account) -> Attempt:
    version = put(account, bucket(account, **LOCKED))
    account.admin("s3").delete_object(Bucket=version["Bucket"], Key=version["Key"])
    return lambda: account.admin("s3").delete_bucket(Bucket=version["Bucket"])


def _unlocked_asked(account: Account) -> Attempt:
    name = bucket(account)
    return lambda: account.admin("s3").get_object_lock_configuration(Bucket=name)


def _later(how: str) -> Any:
    """The same after three days of the cloud's time, when the retention of one day is over."""

    def prepare(account: Account) -> Attempt:
        attempt: Attempt = _default_kept(how)(account)
        account.aws.move_clock("+3d")
        return attempt

    return prepare


CASES = [
    Case("a version whose default retention is over", _later("put"), moves_clock=True),
    Case("default retention of a put", _default_kept("put"), "AccessDenied"),
    Case("default retention of an upload in parts", _default_kept("upload"), "AccessDenied"),
    Case("default retention of a copy", _default_kept("copy"), "AccessDenied"),
    Case("default retention for a bucket that has objects", _configured({"Mode": "GOVERNANCE", "Days": 1})),
    Case("lock without default retention", _configured(None)),
    Case(
        "lock for a bucket without versioning",
        _configured({"Mode": "GOVERNANCE", "Days": 1}, versioning=""),
        "InvalidBucketState",
    ),
    Case(
        "lock where versioning is suspended",
        _configured({"Mode": "GOVERNANCE", "Days": 1}, versioning="Suspended"),
        "InvalidBucketState",
    ),
    Case("default retention of 0 days", _configured({"Mode": "GOVERNANCE", "Days": 0}), "InvalidRetentionPeriod"),
    Case("default retention of -1 years", _configured({"Mode": "GOVERNANCE", "Years": -1}), "InvalidRetentionPeriod"),
    Case(
        "default retention in days and years",
        _configured({"Mode": "GOVERNANCE", "Days": 1, "Years": 1}),
        "MalformedXML",
    ),
    Case("default retention without period", _configured({"Mode": "GOVERNANCE"}), "MalformedXML"),
    Case("default retention of mode abc", _configured({"Mode": "abc", "Days": 1}), "MalformedXML"),
    Case("default retention of mode governance", _configured({"Mode": "governance", "Days": 1}), "MalformedXML"),
    Case("lock Disabled", _configured({"Mode": "GOVERNANCE", "Days": 1}, "Disabled"), "MalformedXML"),
    Case("versioning of a locked bucket suspended", _suspended, "InvalidBucketState"),
    Case("lock configuration of a bucket without", _unlocked_asked, "ObjectLockConfigurationNotFoundError"),
    Case("a bucket deleted that has versions under markers", _bucket_deleted, "BucketNotEmpty"),
]
