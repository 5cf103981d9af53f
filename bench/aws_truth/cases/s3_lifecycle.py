"""Lifecycle configurations that S3 takes, and those that it refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bench.aws_truth.case import Case
from bench.aws_truth.s3 import call_on_empty

Rule = dict[str, Any]
DAY = {"Days": 1}
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
MIDNIGHT = datetime(2030, 1, 1, tzinfo=UTC)
TAG = {"Key": "kind", "Value": "daily"}
CLASS = {"StorageClass": "GLACIER"}


def _lifecycle(says: str, code: str | None, *rules: Rule) -> Case:
    configuration = {"Rules": list(rules)}
    return call_on_empty(
        f"a lifecycle {says}", "put_bucket_lifecycle_configuration", code, LifecycleConfiguration=configuration
    )


def _rule(**more: Any) -> Rule:
    return {"Status": "Enabled", "Filter": {"Prefix": "daily/"}, **more}


def _without(rule: Rule, *names: str) -> Rule:
    return {name: value for name, value in rule.items() if name not in names}


def _noncurrent(**more: Any) -> Rule:
    return _rule(NoncurrentVersionExpiration={"NoncurrentDays": 7, **more})


def _moved(days: int, name: str = "GLACIER", **more: Any) -> Rule:
    return _rule(Transitions=[{"Days": days, "StorageClass": name}], **more)


def _moved_on(days: int, name: str) -> dict[str, Any]:
    moves = [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": days, "StorageClass": name}]
    return _rule(Transitions=moves)


CASES = [
    _lifecycle("with one rule", None, _rule(Expiration=DAY)),
    _lifecycle("without action", "InvalidRequest", _rule()),
    _lifecycle("with the same ID twice", "InvalidArgument", *[_rule(ID="daily", Expiration=DAY)] * 2),
    _lifecycle("with an ID of 256 letters", "InvalidArgument", _rule(ID="i" * 256, Expiration=DAY)),
    _lifecycle("with an ID of 255 letters", None, _rule(ID="i" * 255, Expiration=DAY)),
    _lifecycle("that expires after 0 days", "InvalidArgument", _rule(Expiration={"Days": 0})),
    _lifecycle("that expires at noon", "InvalidArgument", _rule(Expiration={"Date": NOON})),
    _lifecycle("that expires at midnight", None, _rule(Expiration={"Date": MIDNIGHT})),
    _lifecycle("with days and a date", "MalformedXML", _rule(Expiration={"Days": 1, "Date": MIDNIGHT})),
    _lifecycle(
        "with days for delete markers",
        "MalformedXML",
        _rule(Expiration={"Days": 1, "ExpiredObjectDeleteMarker": True}),
    ),
    _lifecycle("for delete markers", None, _rule(Expiration={"ExpiredObjectDeleteMarker": True})),
    _lifecycle("with prefix and filter", "MalformedXML", _rule(Prefix="a", Expiration=DAY)),
    _lifecycle("without prefix or filter", "MalformedXML", _without(_rule(Expiration=DAY), "Filter")),
    _lifecycle("with a filter of two", "MalformedXML", _rule(Filter={"Prefix": "a", "Tag": TAG}, Expiration=DAY)),
    _lifecycle(
        "with a filter of two, joined", None, _rule(Filter={"And": {"Prefix": "a", "Tags": [TAG]}}, Expiration=DAY)
    ),
    _lifecycle("with `And` of one", "MalformedXML", _rule(Filter={"And": {"Prefix": "a"}}, Expiration=DAY)),
    _lifecycle(
        "by size, from 10 to 5",
        "InvalidRequest",
        _rule(Filter={"And": {"ObjectSizeGreaterThan": 10, "ObjectSizeLessThan": 5}}, Expiration=DAY),
    ),
    _lifecycle("whose status is `enabled`", "MalformedXML", _rule(Expiration=DAY) | {"Status": "enabled"}),
    _lifecycle(
        "that aborts by tag",
        "InvalidRequest",
        _rule(Filter={"Tag": TAG}, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 1}),
    ),
    _lifecycle(
        "that aborts after 0 days",
        "InvalidArgument",
        _rule(AbortIncompleteMultipartUpload={"DaysAfterInitiation": 0}),
    ),
    _lifecycle(
        "that drops delete markers by tag",
        "InvalidRequest",
        _rule(Filter={"Tag": TAG}, Expiration={"ExpiredObjectDeleteMarker": True}),
    ),
    _lifecycle("that expires before it moves", "InvalidArgument", _moved(30, Expiration={"Days": 10})),
    _lifecycle("that expires as it moves", "InvalidArgument", _moved(30, Expiration={"Days": 30})),
    _lifecycle("that expires after it moved", None, _moved(30, Expiration={"Days": 31})),
    _lifecycle("that moves to STANDARD_IA after 29 days", "InvalidArgument", _moved(29, "STANDARD_IA")),
    _lifecycle("that moves to STANDARD_IA after 30 days", None, _moved(30, "STANDARD_IA")),
    _lifecycle("that moves to GLACIER at once", None, _moved(0)),
    _lifecycle("that moves to a class unknown", "MalformedXML", _moved(30, "CELLAR")),
    _lifecycle("that moves after -1 days", "InvalidArgument", _moved(-1)),
    _lifecycle("that moves to no class", "MalformedXML", _rule(Transitions=[{"Days": 30}])),
    _lifecycle(
        "that moves twice to one class",
        "InvalidRequest",
        _rule(Transitions=[{"Days": days, **CLASS} for days in (30, 90)]),
    ),
    *(
        _lifecycle(f"that moves to STANDARD_IA after 30 days and to {name} after {days}", code, _moved_on(days, name))
        for days, name, code in (
            (20, "GLACIER", "InvalidArgument"),
            (59, "GLACIER", "InvalidArgument"),
            (59, "GLACIER_IR", "InvalidArgument"),
            (59, "DEEP_ARCHIVE", "InvalidArgument"),
            (60, "GLACIER", None),
        )
    ),
    _lifecycle("of days and a date", "InvalidRequest", _moved(30, Expiration={"Date": MIDNIGHT})),
    _lifecycle("of old versions after 7 days", None, _noncurrent()),
    _lifecycle("of old versions after 0 days", "InvalidArgument", _noncurrent(NoncurrentDays=0)),
    _lifecycle("of old versions, keeping 100", None, _noncurrent(NewerNoncurrentVersions=100)),
    _lifecycle("of old versions, keeping 101", "InvalidArgument", _noncurrent(NewerNoncurrentVersions=101)),
    _lifecycle("of old versions, keeping 0", "InvalidArgument", _noncurrent(NewerNoncurrentVersions=0)),
    _lifecycle(
        "with 1,001 rules", "MalformedXML", *[_rule(ID=str(number), Expiration=DAY) for number in range(1001)]
    ),
]
