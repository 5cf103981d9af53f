"""Object Lock: what it keeps, from whom, until when; and what of it S3 does not take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.objects import bucket, complete, put, upload

DAY = timedelta(days=1)
LOCKED = {"ObjectLockEnabledForBucket": True}


def _soon(days: int = 1) -> datetime:
    return datetime.now(UTC) + days * DAY


def _retention(mode: str, days: int) -> dict[str, Any]:
    return {"Mode": mode, "RetainUntilDate": _soon(days)}


def _kept(account: Account, mode: str | None = "COMPLIANCE", hold: str | None = None) -> dict[str, str]:
    """A version that is kept for two days, or has a legal hold."""
    options: dict[str, Any] = {"ObjectLockMode": mode, "ObjectLockRetainUntilDate": _soon(2)} if mode else {}
    if hold:
        options["ObjectLockLegalHoldStatus"] = hold
    return put(account, bucket(account, **LOCKED), **options)


def _deleted(mode: str | None = "COMPLIANCE", hold: str | None = None, **options: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        version = _kept(account, mode, hold)
        return lambda: account.admin("s3").delete_object(**version, **options)

    return prepare


def _deleted_without_version(account: Account) -> Attempt:
    version = _kept(account)
    return lambda: account.admin("s3").delete_object(Bucket=version["Bucket"], Key=version["Key"])


def _upload_kept(account: Account) -> Attempt:
    options: dict[str, Any] = {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": _soon()}
    version = complete(account, upload(account, bucket(account, **LOCKED), **options))
    return lambda: account.admin("s3").delete_object(**version)


def _changed(before: tuple[str, int], after: tuple[str, int] | None, **options: Any) -> Any:
    """A retention that is followed by another."""

    def prepare(account: Account) -> Attempt:
        s3, version = account.admin("s3"), put(account, bucket(account, **LOCKED))
        s3.put_object_retention(**version, Retention=_retention(*before))
        wanted = _retention(*after) if after else {}
        return lambda: s3.put_object_retention(**version, Retention=wanted, **options)

    return prepare


def _retained(**retention: Any) -> Any:
    """A retention for a version that has none."""

    def prepare(account: Account) -> Attempt:
        version = put(account, bucket(account, **LOCKED))
        return lambda: account.admin("s3").put_object_retention(**version, Retention=retention)

    return prepare


def _of(what: str, method: str, on: str = "a version") -> Any:
    """A call about the retention or the hold of something."""

    def prepare(account: Account) -> Attempt:
        s3 = account.admin("s3")
        call = getattr(s3, method)
        if on == "plain bucket":
            version = put(account, bucket(account))
        elif on == "another version":
            version = put(account, bucket(account, **LOCKED)) | {"VersionId": "x" * 32}
        elif on == "nothing":
            version = {"Bucket": bucket(account, **LOCKED), "Key": "missing"}
        else:
            version = put(account, bucket(account, **LOCKED))
        own = {"retention": {"Retention": _retention("GOVERNANCE", 1)}, "hold": {"LegalHold": {"Status": "ON"}}}
        sent = own[what] if method.startswith("put") else {}
        return lambda: call(**version, **sent)

    return prepare


def _held(status: str) -> Any:
    def prepare(account: Account) -> Attempt:
        version = put(account, bucket(account, **LOCKED))
        return lambda: account.admin("s3").put_object_legal_hold(**version, LegalHold={"Status": status})

    return prepare


def _put(*, locked: bool = True, **options: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        name = bucket(account, **(LOCKED if locked else {}))
        return lambda: account.admin("s3").put_object(Bucket=name, Key="a", Body=b"x", **options)

    return prepare


def _begun(**options: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        name = bucket(account, **LOCKED)
        return lambda: account.admin("s3").create_multipart_upload(Bucket=name, Key="a", **options)

    return prepare


PAST = datetime(2020, 1, 1, tzinfo=UTC)
CASES = [
    Case("a version in COMPLIANCE is deleted", _deleted(), "AccessDenied"),
    Case("the same with the bypass", _deleted(BypassGovernanceRetention=True), "AccessDenied"),
    Case("a version in GOVERNANCE is deleted", _deleted("GOVERNANCE"), "AccessDenied"),
    Case("a version in GOVERNANCE with the bypass", _deleted("GOVERNANCE", BypassGovernanceRetention=True)),
    Case("a version under legal hold is deleted", _deleted(None, "ON"), "AccessDenied"),
    Case(
        "a version under legal hold and the bypass",
        _deleted("GOVERNANCE", "ON", BypassGovernanceRetention=True),
        "AccessDenied",
    ),
    Case("a version whose legal hold is off", _deleted(None, "OFF")),
    Case("a locked object is hidden by a marker", _deleted_without_version),
    Case("retention that an upload was begun with", _upload_kept, "AccessDenied"),
    Case("COMPLIANCE lengthened", _changed(("COMPLIANCE", 1), ("COMPLIANCE", 2))),
    Case("COMPLIANCE shortened", _changed(("COMPLIANCE", 2), ("COMPLIANCE", 1)), "AccessDenied"),
    Case(
        "COMPLIANCE shortened with the bypass",
        _changed(("COMPLIANCE", 2), ("COMPLIANCE", 1), BypassGovernanceRetention=True),
        "AccessDenied",
    ),
    Case("COMPLIANCE to GOVERNANCE", _changed(("COMPLIANCE", 1), ("GOVERNANCE", 2)), "AccessDenied"),
    Case("COMPLIANCE taken away", _changed(("COMPLIANCE", 1), None), "AccessDenied"),
    Case("GOVERNANCE lengthened", _changed(("GOVERNANCE", 1), ("GOVERNANCE", 2))),
    Case("GOVERNANCE shortened", _changed(("GOVERNANCE", 2), ("GOVERNANCE", 1)), "AccessDenied"),
    Case(
        "GOVERNANCE shortened with the bypass",
        _changed(("GOVERNANCE", 2), ("GOVERNANCE", 1), BypassGovernanceRetention=True),
    ),
    Case("GOVERNANCE to COMPLIANCE", _changed(("GOVERNANCE", 1), ("COMPLIANCE", 2)), "AccessDenied"),
    Case(
        "GOVERNANCE to COMPLIANCE with the bypass",
        _changed(("GOVERNANCE", 1), ("COMPLIANCE", 2), BypassGovernanceRetention=True),
    ),
    Case("GOVERNANCE taken away with the bypass", _changed(("GOVERNANCE", 1), None, BypassGovernanceRetention=True)),
    Case("a retention for a version without", _retained(Mode="GOVERNANCE", RetainUntilDate=_soon())),
    Case("a retention of mode abc", _retained(Mode="abc", RetainUntilDate=_soon()), "MalformedXML"),
    Case("a retention of mode governance", _retained(Mode="governance", RetainUntilDate=_soon()), "MalformedXML"),
    Case("a retention without mode", _retained(RetainUntilDate=_soon()), "MalformedXML"),
    Case("a retention without date", _retained(Mode="GOVERNANCE"), "MalformedXML"),
    Case("a retention that is over", _retained(Mode="GOVERNANCE", RetainUntilDate=PAST), "InvalidArgument"),
    Case("retention asked of a missing key", _of("retention", "get_object_retention", "nothing"), "NoSuchKey"),
    Case("retention put on a missing key", _of("retention", "put_object_retention", "nothing"), "NoSuchKey"),
    Case(
        "retention asked of another version",
        _of("retention", "get_object_retention", "another version"),
        "NoSuchVersion",
    ),
    Case(
        "retention put on another version",
        _of("retention", "put_object_retention", "another version"),
        "NoSuchVersion",
    ),
    Case(
        "retention asked in a bucket without lock",
        _of("retention", "get_object_retention", "plain bucket"),
        "InvalidRequest",
    ),
    Case(
        "retention put in a bucket without lock",
        _of("retention", "put_object_retention", "plain bucket"),
        "InvalidRequest",
    ),
    Case(
        "retention asked of what has none", _of("retention", "get_object_retention"), "NoSuchObjectLockConfiguration"
    ),
    Case("hold asked of what has none", _of("hold", "get_object_legal_hold"), "NoSuchObjectLockConfiguration"),
    Case("hold put on a version", _of("hold", "put_object_legal_hold")),
    Case("hold put on a missing key", _of("hold", "put_object_legal_hold", "nothing"), "NoSuchKey"),
    Case(
        "hold asked in a bucket without lock", _of("hold", "get_object_legal_hold", "plain bucket"), "InvalidRequest"
    ),
    Case("hold put in a bucket without lock", _of("hold", "put_object_legal_hold", "plain bucket"), "InvalidRequest"),
    Case("hold OFF", _held("OFF")),
    Case("hold abc", _held("abc"), "MalformedXML"),
    Case("a put with retention", _put(ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=_soon())),
    Case("a put with mode alone", _put(ObjectLockMode="GOVERNANCE"), "InvalidArgument"),
    Case("a put with date alone", _put(ObjectLockRetainUntilDate=_soon()), "InvalidArgument"),
    Case("a put with mode abc", _put(ObjectLockMode="abc", ObjectLockRetainUntilDate=_soon()), "InvalidArgument"),
    Case(
        "a put with a date that is over",
        _put(ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=PAST),
        "InvalidArgument",
    ),
    Case("a put with hold abc", _put(ObjectLockLegalHoldStatus="abc"), "InvalidArgument"),
    Case(
        "a put with retention into a bucket without lock",
        _put(locked=False, ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=_soon()),
        "InvalidRequest",
    ),
    Case(
        "a put with hold into a bucket without lock",
        _put(locked=False, ObjectLockLegalHoldStatus="ON"),
        "InvalidRequest",
    ),
    Case("an upload with mode alone", _begun(ObjectLockMode="GOVERNANCE"), "InvalidArgument"),
    Case("an upload with hold abc", _begun(ObjectLockLegalHoldStatus="abc"), "InvalidArgument"),
]
