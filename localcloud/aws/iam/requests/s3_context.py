"""The condition keys of S3: what a request says of itself, and what is known of the object that it is about."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from localcloud.aws.call import Call
from localcloud.aws.iam.requests import s3_things
from localcloud.aws.iam.requests.reading import Context, request_tags
from localcloud.aws.iam.requests.s3_things import Place
from localcloud.machine import clock

_HEADERS = {  # condition keys that are headers as they come, under the header's own name
    "s3:x-amz-acl": "x-amz-acl",
    "s3:x-amz-content-sha256": "x-amz-content-sha256",
    "s3:x-amz-copy-source": "x-amz-copy-source",
    "s3:x-amz-grant-full-control": "x-amz-grant-full-control",
    "s3:x-amz-grant-read": "x-amz-grant-read",
    "s3:x-amz-grant-read-acp": "x-amz-grant-read-acp",
    "s3:x-amz-grant-write": "x-amz-grant-write",
    "s3:x-amz-grant-write-acp": "x-amz-grant-write-acp",
    "s3:x-amz-metadata-directive": "x-amz-metadata-directive",
    "s3:x-amz-object-ownership": "x-amz-object-ownership",
    "s3:x-amz-server-side-encryption": "x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "x-amz-server-side-encryption-aws-kms-key-id",
    "s3:x-amz-server-side-encryption-customer-algorithm": "x-amz-server-side-encryption-customer-algorithm",
    "s3:x-amz-storage-class": "x-amz-storage-class",
    "s3:x-amz-website-redirect-location": "x-amz-website-redirect-location",
    "s3:if-match": "if-match",
    "s3:if-none-match": "if-none-match",
    "s3:object-lock-mode": "x-amz-object-lock-mode",
    "s3:object-lock-legal-hold": "x-amz-object-lock-legal-hold",
    "s3:object-lock-retain-until-date": "x-amz-object-lock-retain-until-date",
}
_BY_URL = "REST-QUERY-STRING"
_LISTING = {"s3:prefix": "prefix", "s3:delimiter": "delimiter", "s3:max-keys": "max-keys"}
_LISTS = ("ListObjects", "ListObjectsV2", "ListObjectVersions", "ListMultipartUploads")
# What makes an object, and the steps of an upload before its last, which make none and cannot be conditional.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
_CREATIONS = ("PutObject", "CopyObject", "CompleteMultipartUpload", "PostObject")
_WRITES = (*_CREATIONS, "CreateMultipartUpload", "UploadPart", "UploadPartCopy")


def of_request(call: Call) -> Context:
    """What every S3 call says: how it was signed, its headers, what it lists."""
    presigned = "X-Amz-Signature" in call.query
    headers = s3_things.headers(call)
    context: Context = {key: headers[header] for key, header in _HEADERS.items() if header in headers}
    if call.form is not None or presigned or "authorization" in headers:
        context["s3:authType"] = "POST" if call.form is not None else _BY_URL if presigned else "REST-HEADER"
        context["s3:signatureversion"] = "AWS4-HMAC-SHA256"
    if presigned and (age := _age(call)) is not None:
        context["s3:signatureAge"] = str(age)
    if call.secure:
        context["s3:TlsVersion"] = "1.3"
    if call.action in _LISTS:
        context |= {key: call.query[name][0] for key, name in _LISTING.items() if name in call.query}
    if call.action in _WRITES:
        context["s3:ObjectCreationOperation"] = str(call.action in _CREATIONS).lower()
    if call.query.get("versionId"):
        context["s3:VersionId"] = call.query["versionId"][0]
    return context | _retention(context.get("s3:object-lock-retain-until-date"))


def of_body(call: Call) -> Context:
    """What the body says of an object: its tags, its retention, its legal hold; of a bucket its region and tags."""
    match call.action:
        case "PutObjectTagging":
            tags = _pairs(call.body)
            return _object_tags(tags)
        case "PutObjectRetention":
            until = element(call.body, "RetainUntilDate")
            mode = element(call.body, "Mode")
            said: Context = {"s3:object-lock-mode": mode} if mode else {}
            return said | ({"s3:object-lock-retain-until-date": until} if until else {}) | _retention(until)
        case "PutObjectLegalHold":
            status = element(call.body, "Status")
            return {"s3:object-lock-legal-hold": status} if status else {}
        case "CreateBucket":
            place = element(call.body, "LocationConstraint")
            return ({"s3:LocationConstraint": place} if place else {}) | request_tags(_pairs(call.body))
        case "PutBucketTagging":
            return request_tags(_pairs(call.body))
    return _object_tags(dict(parse_qsl(s3_things.headers(call).get("x-amz-tagging", ""), keep_blank_values=True)))


def of_object(where: Place) -> Context:
    """The tags that the object has."""
    found = s3_things.object_at(where)
    if found is None:
        return {}
    return {f"s3:ExistingObjectTag/{key}": value for key, value in s3_things.tags_of(found).items()}


def tags_in(call: Call) -> dict[str, str]:
    """The tags in the body of a call."""
    return _pairs(call.body)


def _object_tags(tags: dict[str, str]) -> Context:
    keys: Context = {"s3:RequestObjectTagKeys": list(tags)} if tags else {}
    return keys | {f"s3:RequestObjectTag/{key}": value for key, value in tags.items()}


def _retention(until: Any) -> Context:
    try:
        end = datetime.fromisoformat(str(until))
    except ValueError:
        return {}
    left = end if end.tzinfo else end.replace(tzinfo=UTC)
    days = math.ceil((left - clock.now()).total_seconds() / 86400)
    return {"s3:object-lock-remaining-retention-days": str(days)}


def _age(call: Call) -> int | None:
    """Milliseconds since the URL was signed."""
    try:
        signed = datetime.strptime(call.query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except (KeyError, ValueError):
        return None
    return max(0, int((clock.now() - signed).total_seconds() * 1000))


def element(body: bytes, name: str) -> str | None:
    """The text of the first element of that name; None where the body has none."""
    return next((text for _, text in elements(body, (name,))), None)


def elements(body: bytes, names: Collection[str]) -> list[tuple[str, str]]:
    """The elements of these names, in their order, with their texts; none of what is no XML."""
    from xml.etree import ElementTree as ET

    try:
        root = ET.fromstring(body)  # noqa: S314 # as moto's own parser reads it; expat limits entities
    except (ET.ParseError, ValueError):
        return []
    found = ((each.tag.rpartition("}")[2], each.text or "") for each in root.iter())
    return [(tag, text) for tag, text in found if tag in names]


def _pairs(body: bytes) -> dict[str, str]:
    found = elements(body, ("Key", "Value"))
    keys = [text for tag, text in found if tag == "Key"]
    values = [text for tag, text in found if tag == "Value"]
    return dict(zip(keys, values, strict=False))
