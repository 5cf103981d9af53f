"""Lifecycle configurations: what S3 refuses in one, and what a rule says of an object.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any

from localcloud.aws.replies import same
from localcloud.aws.services.s3.ask import Answer, Ask
from localcloud.aws.services.s3.errors import invalid_argument, invalid_request, malformed_xml

Rule = dict[str, Any]  # as boto3 shows it: numbers, moments and truth values, with an ID

MOST_RULES = 1000
LONGEST_ID = 255
MOST_NEWER_VERSIONS = 100
_ACTIONS = (
    "Expiration",
    "Transitions",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionTransitions",
    "AbortIncompleteMultipartUpload",
)
_INFREQUENT = {"STANDARD_IA", "ONEZONE_IA"}  # not before 30 days
_INFREQUENT_DAYS = 30
_COLDER = {"GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"}


def rules_of(bucket: Any) -> list[Rule]:
    """The bucket's rules, in order."""
    rules: list[Rule] = bucket.settings.get("lifecycle", {}).get("Rules", [])
    return rules


def check(ask: Ask) -> None:
    """What S3 refuses in a configuration; and each rule without an ID is given one. AwsError."""
    rules: list[Rule] = ask.document["Rules"]
    if len(rules) > MOST_RULES:
        raise malformed_xml()
    for rule in rules:
        _check_rule(rule)
        rule["ID"] = rule.get("ID") or secrets.token_urlsafe(36)
    ids = [rule["ID"] for rule in rules]
    if len(ids) != len(set(ids)):
        raise invalid_argument("Rule ID must be unique. Found same ID for more than one rule")


def _check_rule(rule: Rule) -> None:
    if len(rule.get("ID", "")) > LONGEST_ID:
        raise invalid_argument(f"ID length should not exceed allowed limit of {LONGEST_ID}")
    if not any(rule.get(action) for action in _ACTIONS):
        raise invalid_request("At least one action needs to be specified in a rule")
    if ("Prefix" in rule) == ("Filter" in rule):
        raise malformed_xml()
    tagged = _check_filter(rule.get("Filter", {}))
    if tagged and "AbortIncompleteMultipartUpload" in rule:
        raise invalid_request("AbortIncompleteMultipartUpload cannot be specified with Tags")
    if tagged and "ExpiredObjectDeleteMarker" in rule.get("Expiration", {}):
        raise invalid_request("ExpiredObjectDeleteMarker cannot be specified with Tags")
    _check_expiration(rule.get("Expiration"))
    _check_transitions(rule)
    _check_noncurrent(rule)
    abort = rule.get("AbortIncompleteMultipartUpload")
    if abort is not None:
        if "DaysAfterInitiation" not in abort:
            raise malformed_xml()
        if abort["DaysAfterInitiation"] < 1:
            raise invalid_argument(
                "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer"
            )


def _check_filter(where: dict[str, Any]) -> bool:
    """Whether it looks at tags."""
    both = where.get("And")
    if len(where) > 1 or (both is not None and len(both.get("Tags", [])) + len(both.keys() - {"Tags"}) < 2):
        raise malformed_xml()
    inner = both if both is not None else where
    tags = inner.get("Tags", [inner["Tag"]] if "Tag" in inner else [])
    if len({tag["Key"] for tag in tags}) != len(tags):
        raise invalid_request("Duplicate Tag Keys are not allowed.")
    if any(not 1 <= len(tag["Key"]) <= 128 for tag in tags):
        raise same("InvalidTag", 400, "The TagKey you have provided is invalid")
    if any(len(tag["Value"]) > 256 for tag in tags):
        raise same("InvalidTag", 400, "The TagValue you have provided is invalid")
    over, under = inner.get("ObjectSizeGreaterThan"), inner.get("ObjectSizeLessThan")
    if any(size is not None and size < low for size, low in ((over, 0), (under, 1))):
        raise invalid_request("The size of a filter must be a positive integer")
    if over is not None and under is not None and over >= under:
        raise invalid_request("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.")
    return bool(tags)


def _check_expiration(expiration: dict[str, Any] | None) -> None:
    if expiration is None:
        return
    if len(expiration) != 1:
        raise malformed_xml()
    if expiration.get("Days", 1) < 1:
        raise invalid_argument("'Days' for Expiration action must be a positive integer")
    _check_midnight(expiration)


def _check_midnight(action: dict[str, Any]) -> None:
    if "Date" in action and action["Date"].timetz() != time(tzinfo=UTC):
        raise invalid_argument("'Date' must be at midnight GMT")


def _check_transitions(rule: Rule) -> None:
    transitions = rule.get("Transitions", [])
    expiration = rule.get("Expiration", {})
    for move in transitions:
        if "StorageClass" not in move or ("Days" in move) == ("Date" in move):
            raise malformed_xml()
        _check_midnight(move)
        days, name = move.get("Days"), move["StorageClass"]
        if days is not None and days < 0:
            raise invalid_argument("'Days' in Transition action must be nonnegative")
        _check_infrequent(days, name, "Days", "Transition")
        if {"Date", "Days"} <= move.keys() | expiration.keys():
            raise invalid_request("Found mixed 'Date' and 'Days' based Expiration and Transition actions in a rule")
        for unit in ("Days", "Date"):
            if unit in move and unit in expiration and expiration[unit] <= move[unit]:
                raise invalid_argument(
                    f"'{unit}' in the Expiration action must be greater than '{unit}' in the Transition action"
                )
    _check_classes(transitions)


def _check_classes(transitions: list[dict[str, Any]]) -> None:
    if len({"Days" in move for move in transitions}) > 1:
        raise invalid_request("Found mixed 'Date' and 'Days' based Transition actions in a rule")
    names = [move["StorageClass"] for move in transitions]
    if len(names) != len(set(names)):
        raise invalid_request("'StorageClass' must be different for 'Transition' actions in same 'Rule'")
    _check_distance([(name, move["Days"]) for name, move in zip(names, transitions, strict=True) if "Days" in move])


def _check_distance(moves: list[tuple[str, int]]) -> None:
    """Storage for infrequent access is paid for 30 days, which a rule must let pass before it moves on."""
    for infrequent, since in moves:
        for colder, days in moves:
            if infrequent in _INFREQUENT and colder in _COLDER and days < since + _INFREQUENT_DAYS:
                raise invalid_argument(
                    f"'Days' in the 'Transition' action for StorageClass '{colder}' must be {_INFREQUENT_DAYS} days "
                    f"more than 'Days' in the 'Transition' action for StorageClass '{infrequent}'"
                )


def _check_infrequent(days: int | None, name: str, unit: str, action: str) -> None:
    if days is not None and name in _INFREQUENT and days < _INFREQUENT_DAYS:
        raise invalid_argument(
            f"'{unit}' in {action} action must be greater than or equal to {_INFREQUENT_DAYS} for storageClass "
            f"'{name}'"
        )


def _check_noncurrent(rule: Rule) -> None:
    expiry: Rule | None = rule.get("NoncurrentVersionExpiration")
    moves: list[Rule] = rule.get("NoncurrentVersionTransitions", [])
    if expiry is not None:
        _check_noncurrent_action(expiry, "NoncurrentVersionExpiration", 1)
    for move in moves:
        if "StorageClass" not in move:
            raise malformed_xml()
        _check_noncurrent_action(move, "NoncurrentVersionTransition", 0)
        _check_infrequent(
            move["NoncurrentDays"], move["StorageClass"], "NoncurrentDays", "NoncurrentVersionTransition"
        )
        if expiry and expiry["NoncurrentDays"] <= move["NoncurrentDays"]:
            raise invalid_argument(
                "'NoncurrentDays' in the NoncurrentVersionExpiration action must be greater than 'NoncurrentDays' in "
                "the NoncurrentVersionTransition action"
            )
    if "Filter" not in rule and any("NewerNoncurrentVersions" in each for each in (expiry or {}, *moves)):
        raise malformed_xml()


def _check_noncurrent_action(action: Rule, name: str, least: int) -> None:
    if "NoncurrentDays" not in action:
        raise malformed_xml()
    if action["NoncurrentDays"] < least:
        raise invalid_argument(f"'NoncurrentDays' for {name} action must be a positive integer")
    if not 1 <= action.get("NewerNoncurrentVersions", 1) <= MOST_NEWER_VERSIONS:
        raise invalid_argument(
            f"'NewerNoncurrentVersions' for {name} action must be between 1 and {MOST_NEWER_VERSIONS}"
        )


def covers(rule: Rule, name: str, size: int, tags: Mapping[str, str]) -> bool:
    """Whether an enabled rule is about an object of that name, size in bytes and tags."""
    where = rule.get("Filter", {})
    where = where.get("And", where)
    wanted = where.get("Tags", [where["Tag"]] if "Tag" in where else [])
    return (
        rule["Status"] == "Enabled"
        and name.startswith(where.get("Prefix", rule.get("Prefix", "")))
        and all(tags.get(tag["Key"]) == tag["Value"] for tag in wanted)
        and size > where.get("ObjectSizeGreaterThan", -1)
        and size < where.get("ObjectSizeLessThan", size + 1)
    )


def due(since: datetime, days: int) -> datetime:
    """When an action is due: that many days later, at the next midnight in UTC."""
    moment = since.replace(tzinfo=UTC) if since.tzinfo is None else since.astimezone(UTC)
    return datetime.combine((moment + timedelta(days=days + 1)).date(), time(tzinfo=UTC))


def expiry(bucket: Any, key: Any, tags: Mapping[str, str]) -> tuple[datetime, str] | None:
    """When the current version of an object expires, and by which rule: the earliest that covers it."""
    found = []
    for rule in rules_of(bucket):
        expiration = rule.get("Expiration", {})
        if not covers(rule, key.name, key.size, tags):
            continue
        if "Days" in expiration:
            found.append((due(key.last_modified, expiration["Days"]), rule["ID"]))
        elif "Date" in expiration:
            found.append((expiration["Date"], rule["ID"]))
    return min(found, default=None)


def say_expiry(ask: Ask, answer: Answer) -> Answer:
    """The header by which S3 tells of it, of an object just written or asked for."""
    status, headers, body = answer
    key = ask.version(version_id=ask.query.get("versionId"))
    if status not in (200, 206) or not rules_of(ask.bucket) or not hasattr(key, "size"):
        return answer
    if key is not ask.version():
        return answer  # of a version that is no longer current, nothing is said
    found = expiry(ask.bucket, key, ask.moto.backend.tagger.get_tag_dict_for_resource(key.arn))
    if found:
        when = format_datetime(found[0], usegmt=True)
        headers = {**headers, "x-amz-expiration": f'expiry-date="{when}", rule-id="{found[1]}"'}
    return status, headers, body
