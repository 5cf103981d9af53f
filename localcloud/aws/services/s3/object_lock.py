"""Object Lock: a bucket's configuration, and the retention and legal hold of its versions, as calls of the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from localcloud.aws.services.s3 import versions
from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.documents import payload
from localcloud.aws.services.s3.errors import invalid_argument, invalid_request, malformed_xml, refuse
from localcloud.aws.services.s3.integrity import require
from localcloud.aws.services.s3.retention import HOLD, MODE, UNTIL, Lock, Retention, asked_for, future
from localcloud.machine import clock

MOST_DAYS, MOST_YEARS, DAYS_A_YEAR = 36_500, 100, 365


def lock_of_new(headers: Mapping[str, str], bucket: Any) -> Lock:
    """What keeps a version that a request makes: what it says, else what the bucket has for all."""
    if any(name in headers for name in (MODE, UNTIL, HOLD)):
        _check_bucket(bucket)
    return with_default(asked_for(headers), bucket)


def with_default(lock: Lock, bucket: Any) -> Lock:
    """The bucket's default retention, where none was asked for."""
    return lock if lock.retention else Lock(default_of(bucket), lock.legal_hold)


def default_of(bucket: Any) -> Retention | None:
    """The retention that a bucket gives to a version made now."""
    if not bucket.has_default_lock:
        return None
    days = (bucket.default_lock_days or 0) + DAYS_A_YEAR * (bucket.default_lock_years or 0)
    return Retention(bucket.default_lock_mode, clock.now() + timedelta(days=days))


def get_configuration(ask: Ask) -> dict[str, Any]:
    """GetObjectLockConfiguration."""
    bucket = ask.bucket
    if not bucket.object_lock_enabled:
        message = "Object Lock configuration does not exist for this bucket"
        raise refuse("ObjectLockConfigurationNotFoundError", 404, message, BucketName=bucket.name)
    configuration: dict[str, Any] = {"ObjectLockEnabled": "Enabled"}
    if bucket.has_default_lock:
        period = {"Days": bucket.default_lock_days or None, "Years": bucket.default_lock_years or None}
        configuration["Rule"] = {"DefaultRetention": {"Mode": bucket.default_lock_mode, **period}}
    return {"ObjectLockConfiguration": configuration}


def put_configuration(ask: Ask) -> dict[str, Any]:
    """PutObjectLockConfiguration: also of a bucket that has objects; it holds for versions made from then on."""
    bucket = ask.bucket
    _check_said(ask)
    configuration = payload("PutObjectLockConfiguration", ask.body)
    if configuration.get("ObjectLockEnabled") != "Enabled":
        raise malformed_xml()
    rule = configuration.get("Rule", {}).get("DefaultRetention", {})
    mode, days, years = rule.get("Mode"), rule.get("Days"), rule.get("Years")
    if ("Rule" in configuration) and (mode is None or (days is None) == (years is None)):
        raise malformed_xml()
    if any(period is not None and period < 1 for period in (days, years)):
        message = "Default retention period must be a positive integer value."
        raise refuse("InvalidRetentionPeriod", 400, message)
    if (days or 0) > MOST_DAYS or (years or 0) > MOST_YEARS:
        raise refuse("InvalidRetentionPeriod", 400, "Default retention period too large.")
    if not bucket.is_versioned:
        message = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
        raise refuse("InvalidBucketState", 409, message)
    bucket.object_lock_enabled = True
    bucket.default_lock_mode, bucket.default_lock_days, bucket.default_lock_years = mode, days, years
    return {}


def get_retention(ask: Ask) -> dict[str, Any]:
    """GetObjectRetention."""
    retention = _locked(ask).object_lock.retention
    if retention is None:
        raise _no_configuration(ask)
    return {"Retention": {"Mode": retention.mode, "RetainUntilDate": retention.until}}


def put_retention(ask: Ask) -> dict[str, Any]:
    """PutObjectRetention; an empty one takes the retention away, where that may be."""
    version = _locked(ask)
    _check_said(ask)
    wanted = payload("PutObjectRetention", ask.body)
    if ("Mode" in wanted) != ("RetainUntilDate" in wanted):
        raise malformed_xml()
    retention = Retention(wanted["Mode"], future(wanted["RetainUntilDate"])) if wanted else None
    version.object_lock.check_change(retention, bypass=ask.bypass)
    version.object_lock = replace(version.object_lock, retention=retention)
    return {}


def get_legal_hold(ask: Ask) -> dict[str, Any]:
    """GetObjectLegalHold."""
    hold = _locked(ask).object_lock.legal_hold
    if hold is None:
        raise _no_configuration(ask)
    return {"LegalHold": {"Status": hold}}


def put_legal_hold(ask: Ask) -> dict[str, Any]:
    """PutObjectLegalHold."""
    version = _locked(ask)
    _check_said(ask)
    wanted = payload("PutObjectLegalHold", ask.body)
    if "Status" not in wanted:
        raise malformed_xml()
    version.object_lock = replace(version.object_lock, legal_hold=wanted["Status"])
    return {}


def _locked(ask: Ask) -> Any:
    _check_bucket(ask.bucket)
    return versions.found(ask.bucket, ask.key_name, ask.version_id, ask.request.method)


def _check_bucket(bucket: Any) -> None:
    if not bucket.object_lock_enabled:
        raise invalid_request("Bucket is missing Object Lock Configuration")


def _check_said(ask: Ask) -> None:
    if not ask.body:
        raise invalid_argument("Missing required header for this request: Content-Length")
    require(ask.said, "Put Object Lock requests")


def _no_configuration(ask: Ask) -> Exception:
    message = "The specified object does not have a ObjectLock configuration"
    return refuse("NoSuchObjectLockConfiguration", 404, message, Key=ask.key_name)
