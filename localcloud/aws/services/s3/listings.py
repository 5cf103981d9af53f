"""The answers of ListObjects, ListObjectsV2, ListObjectVersions, ListMultipartUploads and ListBuckets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.s3 import models

from localcloud.aws.services.s3.errors import invalid_argument
from localcloud.aws.services.s3.listing import (
    Page,
    Query,
    behind,
    encoding_of,
    in_order,
    integer,
    limit_of,
    token,
    written,
)

OWNER = {"ID": models.OWNER, "DisplayName": "webfile"}
MOST_BUCKETS = 10_000


def list_objects(bucket: Any, query: dict[str, str]) -> dict[str, Any]:
    """Version 1: names are its markers."""
    encoding, marker = encoding_of(query), query.get("marker", "")
    page, answer = _objects(bucket, query, marker, encoding)
    answer |= {"Contents": [_object(key, encoding) | {"Owner": OWNER} for key in page.entries]}
    answer |= {"Marker": written(marker, encoding), "Prefix": query.get("prefix", "")}  # the one name left as it is
    if page.truncated and query.get("delimiter"):
        answer["NextMarker"] = written(page.last, encoding)
    return answer


def list_objects_v2(bucket: Any, query: dict[str, str]) -> dict[str, Any]:
    """Version 2: opaque tokens; the owner where asked for."""
    encoding, start_after = encoding_of(query), query.get("start-after", "")
    given = query.get("continuation-token")
    after = start_after if given is None else behind(given)
    page, answer = _objects(bucket, query, after, encoding)
    owner = {"Owner": OWNER} if query.get("fetch-owner") == "true" else {}
    answer |= {"Contents": [_object(key, encoding) | owner for key in page.entries]}
    answer |= {"KeyCount": len(page.entries) + len(page.prefixes)}
    if start_after:
        answer["StartAfter"] = written(start_after, encoding)
    if given is not None:
        answer["ContinuationToken"] = given
    if page.truncated:
        answer["NextContinuationToken"] = token(page.last)
    return answer


def list_object_versions(bucket: Any, query: dict[str, str]) -> dict[str, Any]:
    """All versions, the newest of a key first."""
    encoding, marker = encoding_of(query), query.get("key-marker", "")
    version = query.get("version-id-marker")
    if version and not marker:
        raise invalid_argument("A version-id marker cannot be specified without a key marker.")
    limit = limit_of(query)
    asked = Query(query.get("prefix", ""), query.get("delimiter", ""), marker, limit)
    page = asked.page(_versions_after(bucket, marker, version))
    answer = _common(bucket, query, page, encoding) | {"MaxKeys": limit, "KeyMarker": written(marker, encoding)}
    answer |= {"VersionIdMarker": version or ""}
    answer["Versions"] = [_version(entry, encoding) for entry in page.entries if not _is_marker(entry[0])]
    answer["DeleteMarkers"] = [_marker(entry, encoding) for entry in page.entries if _is_marker(entry[0])]
    if page.truncated:
        answer["NextKeyMarker"] = written(page.last, encoding)
        if page.last_entry:
            answer["NextVersionIdMarker"] = page.last_entry[0].version_id
    return answer


def list_multipart_uploads(bucket: Any, query: dict[str, str]) -> dict[str, Any]:
    """The uploads that are neither completed nor aborted."""
    encoding, marker = encoding_of(query), query.get("key-marker", "")
    upload = query.get("upload-id-marker", "") if marker else ""
    limit = limit_of(query, "max-uploads", "max-uploads")
    asked = Query(query.get("prefix", ""), query.get("delimiter", ""), marker, limit)
    page = asked.page(_uploads_after(bucket, marker, upload))
    answer = _common(bucket, query, page, encoding) | {"Bucket": bucket.name, "MaxUploads": limit}
    answer |= {"KeyMarker": written(marker, encoding), "UploadIdMarker": upload}
    answer["Uploads"] = [_upload(each, bucket, encoding) for each in page.entries]
    if page.truncated:
        answer["NextKeyMarker"] = written(page.last, encoding)
        answer["NextUploadIdMarker"] = page.last_entry.id if page.last_entry else ""
    return answer


def list_buckets(buckets: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    """The buckets of the account. The region is said where anything is asked for, as AWS does."""
    limit = integer(query["max-buckets"], "max-buckets") if query.get("max-buckets") else MOST_BUCKETS
    if not 1 <= limit <= MOST_BUCKETS:
        raise invalid_argument(f"Argument max-buckets must be an integer between 1 and {MOST_BUCKETS}")
    given = query.get("continuation-token")
    after, region = behind(given) if given else "", query.get("bucket-region")
    wanted = sorted((name, bucket) for name, bucket in buckets.items() if region in (None, bucket.region_name))
    asked = Query(prefix=query.get("prefix", ""), after=after, limit=limit)
    page = asked.page(each for each in wanted if each[0] > after)
    listed = [{"Name": each.name, "CreationDate": each.creation_date} for each in page.entries]
    if query.keys() & {"max-buckets", "continuation-token", "prefix", "bucket-region"}:
        listed = [
            shown | {"BucketRegion": each.region_name} for shown, each in zip(listed, page.entries, strict=True)
        ]
    answer: dict[str, Any] = {"Owner": OWNER, "Buckets": listed}
    if "prefix" in query:
        answer["Prefix"] = query["prefix"]
    if page.truncated:
        answer["ContinuationToken"] = token(page.last)
    return answer


def _objects(bucket: Any, query: dict[str, str], after: str, encoding: str | None) -> tuple[Page, dict[str, Any]]:
    limit = limit_of(query)
    asked = Query(query.get("prefix", ""), query.get("delimiter", ""), after, limit)
    current = ((name, versions[-1]) for name, versions in _keys(bucket))
    page = asked.page(
        (name, key) for name, key in current if in_order(name) > in_order(after) and not _is_marker(key)
    )
    return page, _common(bucket, query, page, encoding) | {"MaxKeys": limit}


def _common(bucket: Any, query: dict[str, str], page: Page, encoding: str | None) -> dict[str, Any]:
    answer: dict[str, Any] = {"Name": bucket.name, "IsTruncated": page.truncated}
    answer["Prefix"] = written(query.get("prefix", ""), encoding)
    if query.get("delimiter"):
        answer["Delimiter"] = written(query["delimiter"], encoding)
    answer["CommonPrefixes"] = [{"Prefix": written(prefix, encoding)} for prefix in page.prefixes]
    return answer | ({"EncodingType": encoding} if encoding else {})


def _keys(bucket: Any) -> Iterator[tuple[str, list[Any]]]:
    """Each key with its versions, the oldest first."""
    for name in sorted(bucket.keys, key=in_order):
        versions = bucket.keys.getlist(name)
        if versions:
            yield name, versions


def _versions_after(bucket: Any, marker: str, version: str | None) -> Iterator[tuple[str, tuple[Any, bool]]]:
    for name, versions in _keys(bucket):
        newest_first = [(each, each is versions[-1]) for each in reversed(versions)]
        ids = [each.version_id for each, _ in newest_first]
        if in_order(name) < in_order(marker) or (name == marker and not version):
            continue
        if name == marker and version in ids:
            # A marker that was deleted meanwhile was one of those before: what is left comes after it.
            newest_first = newest_first[ids.index(version) + 1 :]
        yield from ((name, entry) for entry in newest_first)


def _uploads_after(bucket: Any, marker: str, upload: str) -> Iterator[tuple[str, Any]]:
    uploads = sorted(bucket.multiparts.values(), key=lambda each: in_order(each.key_name))
    same_key = [each.id for each in uploads if each.key_name == marker]
    seen = set(same_key[: same_key.index(upload) + 1] if upload in same_key else () if upload else same_key)
    for each in uploads:
        if in_order(each.key_name) >= in_order(marker) and each.id not in seen:
            yield each.key_name, each


def _is_marker(version: Any) -> bool:
    return isinstance(version, models.FakeDeleteMarker)


def _object(key: Any, encoding: str | None) -> dict[str, Any]:
    shown = {
        "Key": written(key.name, encoding),
        "LastModified": key.last_modified,
        "ETag": key.etag,
        "Size": key.size,
    }
    shown["StorageClass"] = key.storage_class
    if key.checksum_algorithm:
        shown |= {"ChecksumAlgorithm": [key.checksum_algorithm], "ChecksumType": key.checksum_type or "FULL_OBJECT"}
    return shown


def _version(entry: tuple[Any, bool], encoding: str | None) -> dict[str, Any]:
    key, latest = entry
    return _object(key, encoding) | {"VersionId": key.version_id, "IsLatest": latest, "Owner": OWNER}


def _marker(entry: tuple[Any, bool], encoding: str | None) -> dict[str, Any]:
    marker, latest = entry
    shown = {"Key": written(marker.name, encoding), "VersionId": marker.version_id, "IsLatest": latest}
    return shown | {"LastModified": marker.last_modified, "Owner": OWNER}


def _upload(upload: Any, bucket: Any, encoding: str | None) -> dict[str, Any]:
    shown = {"Key": written(upload.key_name, encoding), "UploadId": upload.id, "Initiator": OWNER, "Owner": OWNER}
    shown |= {"StorageClass": upload.storage or "STANDARD"}
    shown["Initiated"] = getattr(upload, "initiated", bucket.creation_date)
    for name, header in {
        "ChecksumAlgorithm": "x-amz-checksum-algorithm",
        "ChecksumType": "x-amz-checksum-type",
    }.items():
        if upload.metadata.get(header):
            shown[name] = upload.metadata[header]
    return shown
