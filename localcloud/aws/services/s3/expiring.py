"""Lifecycle rules carried out on a bucket: what expires, what changes its storage class, which uploads are given up.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from localcloud.aws.services.s3 import versions
from localcloud.aws.services.s3.lifecycle import Rule, covers, due, rules_of
from localcloud.aws.services.s3.objects import StoredKey

SMALLEST_MOVED = 128 * 1024  # bytes; smaller objects stay where they are, unless a rule is about sizes
# From warm to cold: a rule moves an object down, never up.
CLASSES = (
    "STANDARD",
    "STANDARD_IA",
    "INTELLIGENT_TIERING",
    "ONEZONE_IA",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
)


def carry_out(bucket: Any, now: datetime) -> Counter[str]:
    """Do what the bucket's rules say is due; gives how often each thing happened. What is locked stays."""
    done: Counter[str] = Counter()
    rules = [rule for rule in rules_of(bucket) if rule["Status"] == "Enabled"]
    for name, _ in list(bucket.keys.iterlists()) if rules else ():
        for rule in rules:
            _expire_noncurrent(bucket, rule, name, now, done)
        for rule in rules:
            _expire_current(bucket, rule, name, now, done)
            _expire_marker(bucket, rule, name, now, done)
        for rule in rules:
            _move(bucket, rule, name, now, done)
    for rule in rules:
        _give_up_uploads(bucket, rule, now, done)
    return done


def _expire_current(bucket: Any, rule: Rule, name: str, now: datetime, done: Counter[str]) -> None:
    current, expiration = versions.current(bucket, name), rule.get("Expiration", {})
    if current is None or not _covers(bucket, rule, current) or not _is_due(expiration, current.last_modified, now):
        return
    if bucket.versioning_status is None and versions.is_locked(current):
        return
    versions.mark_deleted(bucket, name)
    done["expired object"] += 1


def _expire_marker(bucket: Any, rule: Rule, name: str, now: datetime, done: Counter[str]) -> None:
    """A marker that hides nothing any more: as the rule says, or once it is as old as objects may become."""
    there, expiration = versions.all_of(bucket, name), rule.get("Expiration", {})
    if len(there) != 1 or isinstance(there[0], StoredKey) or not _covers(bucket, rule, there[0]):
        return
    old = "Days" in expiration and due(there[0].last_modified, expiration["Days"]) <= now
    if old or expiration.get("ExpiredObjectDeleteMarker"):
        versions.remove(bucket, name, there[0].version_id)
        done["expired delete marker"] += 1


def _expire_noncurrent(bucket: Any, rule: Rule, name: str, now: datetime, done: Counter[str]) -> None:
    expiration = rule.get("NoncurrentVersionExpiration")
    if not expiration:
        return
    for version, since in _noncurrent(bucket, name)[expiration.get("NewerNoncurrentVersions", 0) :]:
        gone = due(since, expiration["NoncurrentDays"]) <= now and _covers(bucket, rule, version)
        if gone and not versions.is_locked(version):
            versions.remove(bucket, name, version.version_id)
            done["expired version"] += 1


def _move(bucket: Any, rule: Rule, name: str, now: datetime, done: Counter[str]) -> None:
    current = versions.current(bucket, name)
    if current is not None:
        for move in rule.get("Transitions", []):
            if _is_due(move, current.last_modified, now):
                _move_to(bucket, rule, current, move["StorageClass"], done)
    for move in rule.get("NoncurrentVersionTransitions", []):
        for version, since in _noncurrent(bucket, name)[move.get("NewerNoncurrentVersions", 0) :]:
            if isinstance(version, StoredKey) and due(since, move["NoncurrentDays"]) <= now:
                _move_to(bucket, rule, version, move["StorageClass"], done)


def _move_to(bucket: Any, rule: Rule, version: StoredKey, storage_class: str, done: Counter[str]) -> None:
    colder = _warmth(version.storage_class) < _warmth(storage_class)
    large = version.body.size >= SMALLEST_MOVED or _is_about_sizes(rule)
    if colder and large and _covers(bucket, rule, version):
        version.set_storage_class(storage_class)
        done[f"moved to {storage_class}"] += 1


def _warmth(storage_class: str | None) -> int:
    return CLASSES.index(storage_class) if storage_class in CLASSES else 0


def _give_up_uploads(bucket: Any, rule: Rule, now: datetime, done: Counter[str]) -> None:
    days = rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")
    for upload in list(bucket.multiparts.values()) if days is not None else ():
        if due(upload.initiated, days) <= now and covers(rule, upload.key_name, 0, {}):
            del bucket.multiparts[upload.id]
            done["given up upload"] += 1


def _noncurrent(bucket: Any, name: str) -> list[tuple[Any, datetime]]:
    """The versions that are no longer current, the newest first, and since when: the next one's birth."""
    return [(version, after.last_modified) for version, after in pairwise(versions.all_of(bucket, name))][::-1]


def _covers(bucket: Any, rule: Rule, version: Any) -> bool:
    if isinstance(version, StoredKey):
        tags = bucket.backend.tagger.get_tag_dict_for_resource(version.arn)
        return covers(rule, version.name, version.body.size, tags)
    return not _is_about_sizes(rule) and covers(rule, version.name, 0, {})  # a marker has neither size nor tags


def _is_about_sizes(rule: Rule) -> bool:
    where = rule.get("Filter", {})
    return bool({"ObjectSizeGreaterThan", "ObjectSizeLessThan"} & {*where, *where.get("And", {})})


def _is_due(action: dict[str, Any], since: datetime, now: datetime) -> bool:
    if "Days" in action:
        return due(since, action["Days"]) <= now
    date: datetime | None = action.get("Date")
    return date is not None and date.astimezone(UTC) <= now
