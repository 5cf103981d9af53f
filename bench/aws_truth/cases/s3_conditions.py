"""Conditions: what a client says must hold before an object is read, written, copied or deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.objects import bucket, complete, part, put, upload

OTHER = '"0123456789abcdef0123456789abcdef"'
PAST = datetime(2020, 1, 1, tzinfo=UTC)
SOON = datetime.now(UTC) + timedelta(days=1)


def _read(method: str, **conditions: Any) -> Any:
    """A read of an object made just now; RIGHT stands for its ETag."""

    def prepare(account: Account) -> Attempt:
        s3, version = account.admin("s3"), put(account, bucket(account))
        given = _with_etag(account, version, conditions)
        return lambda: getattr(s3, method)(**version, **given)

    return prepare


def _with_etag(account: Account, version: dict[str, Any], conditions: dict[str, Any]) -> dict[str, Any]:
    etag = account.admin("s3").head_object(**version)["ETag"]
    return {name: etag if value == "RIGHT" else value for name, value in conditions.items()}


def _written(*, there: bool = True, **conditions: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        s3, name = account.admin("s3"), bucket(account)
        given = _with_etag(account, put(account, name), conditions) if there else conditions
        return lambda: s3.put_object(Bucket=name, Key="a", Body=b"y", **given)

    return prepare


def _completed(*, there: bool = True, **conditions: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        name = bucket(account)
        given = _with_etag(account, put(account, name), conditions) if there else conditions
        begun = upload(account, name)
        sent = part(account, begun)
        return lambda: complete(account, begun, sent, **given)

    return prepare


def _deleted(*, there: bool = True, **conditions: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        s3, name = account.admin("s3"), bucket(account)
        given = _with_etag(account, put(account, name), conditions) if there else conditions
        return lambda: s3.delete_object(Bucket=name, Key="a", **given)

    return prepare


def _copied(method: str = "copy_object", **conditions: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        s3, name = account.admin("s3"), bucket(account)
        given = _with_etag(account, put(account, name), conditions)
        target = {"Bucket": name, "Key": "b"}
        if method == "upload_part_copy":
            target = upload(account, name, "b") | {"PartNumber": 1}
        return lambda: getattr(s3, method)(**target, CopySource={"Bucket": name, "Key": "a"}, **given)

    return prepare


def _copied_onto(*, there: bool = True, **conditions: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        s3, name = account.admin("s3"), bucket(account)
        put(account, name)
        given = _with_etag(account, put(account, name, "b"), conditions) if there else conditions
        return lambda: s3.copy_object(Bucket=name, Key="b", CopySource={"Bucket": name, "Key": "a"}, **given)

    return prepare


def _written_after_marker(**conditions: Any) -> Any:
    """A write where the object is hidden by a delete marker."""

    def prepare(account: Account) -> Attempt:
        s3, name = account.admin("s3"), bucket(account)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        given = _with_etag(account, put(account, name), conditions)
        s3.delete_object(Bucket=name, Key="a")
        return lambda: s3.put_object(Bucket=name, Key="a", Body=b"y", **given)

    return prepare


SOURCE = {
    "CopySourceIfMatch": ("RIGHT", OTHER),
    "CopySourceIfNoneMatch": (OTHER, "RIGHT"),
    "CopySourceIfModifiedSince": (PAST, None),
    "CopySourceIfUnmodifiedSince": (SOON, PAST),
}
COPIES = ("copy_object", "upload_part_copy")
CASES = [
    Case("a read of the ETag it has", _read("get_object", IfMatch="RIGHT")),
    Case("a read of another ETag", _read("get_object", IfMatch=OTHER), "PreconditionFailed"),
    Case("a read unless it has that ETag", _read("get_object", IfNoneMatch="RIGHT"), "304"),
    Case("a read unless it has another ETag", _read("get_object", IfNoneMatch=OTHER)),
    Case("a read if modified since long ago", _read("get_object", IfModifiedSince=PAST)),
    Case("a read if not modified since long ago", _read("get_object", IfUnmodifiedSince=PAST), "PreconditionFailed"),
    Case("a read if not modified since tomorrow", _read("get_object", IfUnmodifiedSince=SOON)),
    Case(
        "a right ETag counts before a date that is not", _read("get_object", IfMatch="RIGHT", IfUnmodifiedSince=PAST)
    ),
    Case(
        "an ETag that the reader has counts before a date",
        _read("get_object", IfNoneMatch="RIGHT", IfModifiedSince=PAST),
        "304",
    ),
    Case("a look at another ETag", _read("head_object", IfMatch=OTHER), "412"),
    Case("a look unless it has that ETag", _read("head_object", IfNoneMatch="RIGHT"), "304"),
    Case("a look at what was not modified since long ago", _read("head_object", IfUnmodifiedSince=PAST), "412"),
    Case("a write where there is nothing", _written(there=False, IfNoneMatch="*")),
    Case("a write where there must be nothing", _written(IfNoneMatch="*"), "PreconditionFailed"),
    Case("a write unless of that ETag", _written(IfNoneMatch="RIGHT"), "NotImplemented"),
    Case("a write over the ETag it has", _written(IfMatch="RIGHT")),
    Case("a write over another ETag", _written(IfMatch=OTHER), "PreconditionFailed"),
    Case("a write over what is not there", _written(there=False, IfMatch=OTHER), "NoSuchKey"),
    Case("a write where a marker hides the object", _written_after_marker(IfNoneMatch="*")),
    Case("a write over what a marker hides", _written_after_marker(IfMatch="RIGHT"), "NoSuchKey"),
    Case("a completion where there is nothing", _completed(there=False, IfNoneMatch="*")),
    Case("a completion where there must be nothing", _completed(IfNoneMatch="*"), "PreconditionFailed"),
    Case("a completion over the ETag it has", _completed(IfMatch="RIGHT")),
    Case("a completion over another ETag", _completed(IfMatch=OTHER), "PreconditionFailed"),
    Case("a completion over what is not there", _completed(there=False, IfMatch=OTHER), "NoSuchKey"),
    Case("a deletion of the ETag it has", _deleted(IfMatch="RIGHT")),
    Case("a deletion of another ETag", _deleted(IfMatch=OTHER), "PreconditionFailed"),
    Case("a deletion of whatever is there", _deleted(IfMatch="*")),
    *(
        Case(f"{method} with {name} that holds", _copied(method, **{name: right}))
        for method in COPIES
        for name, (right, _) in SOURCE.items()
    ),
    *(
        Case(f"{method} with {name} that does not", _copied(method, **{name: wrong}), "PreconditionFailed")
        for method in COPIES
        for name, (_, wrong) in SOURCE.items()
        if wrong is not None
    ),
    Case(
        "a copy of the right ETag, whatever the date",
        _copied(CopySourceIfMatch="RIGHT", CopySourceIfUnmodifiedSince=PAST),
    ),
    Case(
        "a copy unless of that ETag, whatever the date",
        _copied(CopySourceIfNoneMatch="RIGHT", CopySourceIfModifiedSince=PAST),
        "PreconditionFailed",
    ),
    Case("a copy onto what must not be there", _copied_onto(IfNoneMatch="*"), "PreconditionFailed"),
    Case("a copy onto another ETag", _copied_onto(IfMatch=OTHER), "PreconditionFailed"),
    Case("a copy onto the ETag it has", _copied_onto(IfMatch="RIGHT")),
]
