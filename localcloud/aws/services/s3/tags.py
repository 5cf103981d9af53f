"""Tags of buckets and objects: how many, how long, and which S3 keeps for itself."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from localcloud.aws.replies import AwsError, same
from localcloud.aws.services.s3 import versions
from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.errors import invalid_argument
from localcloud.aws.services.s3.new_object import keep_tags

OBJECT_MOST, BUCKET_MOST = 10, 50
LONGEST_KEY, LONGEST_VALUE = 128, 256
_LETTERS = re.compile(r"[\w\s+\-=._:/@]*")


def check_object(ask: Ask) -> None:
    """PutObjectTagging."""
    _check([(tag["Key"], tag["Value"]) for tag in ask.document["TagSet"]], OBJECT_MOST, "Object")


def get_object(ask: Ask) -> dict[str, Any]:
    """GetObjectTagging."""
    version = versions.found(ask.bucket, ask.key_name, ask.version_id)
    return _of(ask, version) | {"TagSet": ask.bucket.backend.tagger.list_tags_for_resource(version.arn)["Tags"]}


def put_object(ask: Ask) -> dict[str, Any]:
    """PutObjectTagging: these, and no others."""
    version = versions.found(ask.bucket, ask.key_name, ask.version_id, "PUT")
    keep_tags(ask.bucket, version, {tag["Key"]: tag["Value"] for tag in ask.document["TagSet"]})
    return _of(ask, version)


def delete_object(ask: Ask) -> dict[str, Any]:
    """DeleteObjectTagging."""
    version = versions.found(ask.bucket, ask.key_name, ask.version_id, "DELETE")
    keep_tags(ask.bucket, version, {})
    return _of(ask, version)


def _of(ask: Ask, version: Any) -> dict[str, Any]:
    return {"VersionId": versions.shown_id(ask.bucket, version)}


def check_bucket(ask: Ask) -> None:
    """PutBucketTagging."""
    _check([(tag["Key"], tag["Value"]) for tag in ask.document["TagSet"]], BUCKET_MOST, "Bucket")


def check_header(ask: Ask) -> None:
    """Tags that come with an object, as a query in a header."""
    text = ask.headers.get("x-amz-tagging")
    if not text:
        return
    try:
        tags = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError:
        tags = []
    if not tags or len({key for key, _ in tags}) != len(tags):
        raise invalid_argument(
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag "
            "name duplicates."
        )
    _check(tags, OBJECT_MOST, "Object")


def _check(tags: list[tuple[str, str]], most: int, kind: str) -> None:
    if len(tags) > most:
        raise same("BadRequest", 400, f"{kind} tags cannot be greater than {most}")
    if len({key for key, _ in tags}) != len(tags):
        raise _invalid("Cannot provide multiple Tags with the same key")
    for key, value in tags:
        if not 1 <= len(key) <= LONGEST_KEY or not _LETTERS.fullmatch(key):
            raise _invalid("The TagKey you have provided is invalid")
        if len(value) > LONGEST_VALUE or not _LETTERS.fullmatch(value):
            raise _invalid("The TagValue you have provided is invalid")
        if key.lower().startswith("aws:"):
            raise _invalid("System tags cannot be added/updated by requester")


def _invalid(message: str) -> AwsError:
    return same("InvalidTag", 400, message)
