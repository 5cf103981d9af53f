"""GetObject and HeadObject."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from moto.s3.utils import ARCHIVE_STORAGE_CLASSES

from localcloud.aws.services.s3 import conditions, spans, versions
from localcloud.aws.services.s3.answers import Result
from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.bodies import Reading
from localcloud.aws.services.s3.encryption import Encryption
from localcloud.aws.services.s3.errors import refuse
from localcloud.aws.services.s3.objects import StoredKey
from localcloud.aws.services.s3.spans import Span

_SYSTEM = {
    "content-type": "ContentType",
    "cache-control": "CacheControl",
    "content-disposition": "ContentDisposition",
    "content-encoding": "ContentEncoding",
    "content-language": "ContentLanguage",
}
_META = "x-amz-meta-"


def get_object(ask: Ask) -> Result:
    """GetObject."""
    version = versions.found(ask.bucket, ask.key_name, ask.version_id)
    check_restored(version)
    if conditions.not_modified(ask.said, version):
        return _unchanged(ask.bucket, version)
    span = spans.asked_for(ask, version)
    return replace(_answer(ask, version, span), body=Reading(version.body, span.start, span.end))


def head_object(ask: Ask) -> Result:
    """HeadObject: what GetObject would say, without the body."""
    version = versions.found(ask.bucket, ask.key_name, ask.version_id, "HEAD")
    if conditions.not_modified(ask.said, version):
        return _unchanged(ask.bucket, version)
    return _answer(ask, version, spans.asked_for(ask, version))


def _answer(ask: Ask, version: StoredKey, span: Span) -> Result:
    told = _told(ask.bucket, version) | span.shown
    if span.part is not None:
        told["PartsCount"] = len(version.parts)
    if ask.said.get("x-amz-checksum-mode", "").upper() == "ENABLED":
        told |= _checksum(version, span)
    expires = ask.query.get("response-expires", version.metadata.get("expires"))
    headers = {"Expires": expires} if expires else {}
    return Result(told | _overrides(ask), 206 if span.partial else 200, headers)


def _told(bucket: Any, version: StoredKey) -> dict[str, Any]:
    kept = dict(version.metadata)
    told: dict[str, Any] = {
        "AcceptRanges": "bytes",
        "LastModified": version.last_modified.replace(microsecond=0),
        "ETag": version.etag,
        "VersionId": versions.shown_id(bucket, version),
        "WebsiteRedirectLocation": version.website_redirect_location,
        "Restore": version.response_dict.get("x-amz-restore"),
        "StorageClass": version.storage_class if version.storage_class != "STANDARD" else None,
        "TagCount": len(bucket.backend.tagger.get_tag_dict_for_resource(version.arn)) or None,
        "Metadata": {name.removeprefix(_META): value for name, value in kept.items() if name.startswith(_META)},
    }
    told |= {_SYSTEM[name]: value for name, value in kept.items() if name in _SYSTEM}
    return told | Encryption.of_object(version).shown | version.object_lock.shown


def _checksum(version: StoredKey, span: Span) -> dict[str, Any]:
    """That of a part where one is asked for; of a range there is none."""
    if span.part is not None:
        return {f"Checksum{span.part.checksum.algorithm}": span.part.checksum.value}
    return version.checksum.shown if version.checksum and span.whole else {}


def _overrides(ask: Ask) -> dict[str, str]:
    """What a URL asks to be answered instead of the object's own."""
    named = {member: ask.query.get(f"response-{name}") for name, member in _SYSTEM.items()}
    return {member: value for member, value in named.items() if value is not None}


def _unchanged(bucket: Any, version: StoredKey) -> Result:
    told = {"ETag": version.etag, "VersionId": versions.shown_id(bucket, version)}
    return Result(told | {"LastModified": version.last_modified.replace(microsecond=0)}, 304)


def check_restored(version: StoredKey) -> None:
    """What lies in an archive is not read before it was restored."""
    restored = 'ongoing-request="false"' in version.response_dict.get("x-amz-restore", "")
    if version.storage_class in ARCHIVE_STORAGE_CLASSES and not restored:
        message = "The operation is not valid for the object's storage class"
        raise refuse("InvalidObjectState", 403, message, StorageClass=version.storage_class)
