"""CopyObject, and what UploadPartCopy has in common with it: the source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from localcloud.aws.replies import AwsError
from localcloud.aws.services.s3 import conditions, versions
from localcloud.aws.services.s3.answers import Answer
from localcloud.aws.services.s3.asked import Asked, backend_of, bucket_named
from localcloud.aws.services.s3.bucket import encryption_of_new_buckets
from localcloud.aws.services.s3.checksums import ALGORITHMS, DEFAULT, checksum
from localcloud.aws.services.s3.errors import invalid_argument, invalid_request
from localcloud.aws.services.s3.new_object import NewObject
from localcloud.aws.services.s3.objects import StoredKey
from localcloud.aws.services.s3.reading import check_restored
from localcloud.aws.services.s3.writing import made, new_version

LARGEST = 5 << 30  # bytes that one copy may have
_SOURCE = re.compile(r"/?([^/]+)/(.+)", re.DOTALL)
_CHANGES = ("x-amz-storage-class", "x-amz-server-side-encryption", "x-amz-website-redirect-location")


def copy_object(asked: Asked) -> Answer:
    """CopyObject."""
    bucket = asked.bucket
    asked.check_key()
    metadata, tagging = (_directive(asked, name) for name in ("metadata", "tagging"))
    source_bucket, source, named = source_of(asked.headers)
    check_size(source.body.size)
    conditions.check_write(_own_conditions(asked), asked.key, versions.current(bucket, asked.key))
    to_itself = source_bucket is bucket and source.name == asked.key and not (named and bucket.is_versioned)
    if to_itself and metadata == "COPY" and not _changes(asked, bucket, source):
        message = "This copy request is illegal because it is trying to copy an object to itself without changing"
        message += " the object's metadata, storage class, website redirect location or encryption attributes."
        raise invalid_request(message)
    attributes = NewObject.of(asked.headers, bucket)
    if metadata == "COPY":
        attributes = replace(attributes, metadata=dict(source.metadata))
    if tagging == "COPY":
        tags = backend_of(source_bucket).tagger.get_tag_dict_for_resource(source.arn)
        attributes = replace(attributes, tags=tags)
    algorithm = _algorithm(asked, source)
    version = new_version(bucket, asked.key, source.body, attributes)
    kept = source.checksum
    same = kept is not None and (kept.algorithm, kept.type) == (algorithm, "FULL_OBJECT")
    version.keep_checksum(kept if kept and same else checksum(algorithm, source.body.chunks()))
    return Answer(_told(bucket, version) | {"CopySourceVersionId": versions.shown_id(source_bucket, source)})


def source_of(headers: Mapping[str, str]) -> tuple[Any, StoredKey, bool]:
    """The bucket and the version that are to be copied, and whether the version was named."""
    path, _, query = headers["x-amz-copy-source"].partition("?versionId=")
    match = _SOURCE.fullmatch(unquote(path))
    if match is None:
        message = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey"
        raise invalid_argument(message, "x-amz-copy-source", headers["x-amz-copy-source"])
    bucket, key, version_id = bucket_named(match[1]), match[2], unquote(query) or None
    if version_id and isinstance(versions.named(bucket, key, version_id), versions.DeleteMarker):
        message = "The source of a copy request may not specifically refer to a delete marker by version id."
        raise invalid_request(message)
    try:
        source = versions.found(bucket, key, version_id)
    except AwsError as problem:
        raise replace(problem, headers={}) from None
    conditions.check_copy(headers, source)
    check_restored(source)
    return bucket, source, version_id is not None


def check_size(size: int) -> None:
    """More than that is copied in parts."""
    if size > LARGEST:
        message = "The specified copy source is larger than the maximum allowable size for a copy source"
        raise invalid_request(f"{message}: {LARGEST}")


def _told(bucket: Any, version: StoredKey) -> dict[str, Any]:
    told = made(bucket, version)
    in_body = ("ETag", "ChecksumType", *(f"Checksum{algorithm}" for algorithm in ALGORITHMS))
    result = {name: told.pop(name) for name in in_body if name in told}
    return told | {"CopyObjectResult": result | {"LastModified": version.last_modified}}


def _directive(asked: Asked, what: str) -> str:
    name = f"x-amz-{what}-directive"
    directive = asked.headers.get(name, "COPY")
    if directive not in ("COPY", "REPLACE"):
        raise invalid_argument(f"Unknown {what} directive.", name, directive)
    return directive


def _changes(asked: Asked, bucket: Any, source: StoredKey) -> bool:
    """Whether the copy would differ; that of an object encrypted otherwise than the default does."""
    if any(name in asked.headers for name in _CHANGES):
        return True
    return source.encryption != "AES256" or bucket.encryption != encryption_of_new_buckets()


def _algorithm(asked: Asked, source: StoredKey) -> str:
    asked_for = asked.headers.get("x-amz-checksum-algorithm", "").upper()
    if asked_for and asked_for not in ALGORITHMS:
        message = "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
        raise invalid_request(f"{message}[{', '.join(sorted(ALGORITHMS))}]")
    return asked_for or (source.checksum.algorithm if source.checksum else DEFAULT)


def _own_conditions(asked: Asked) -> dict[str, str]:
    """Those on the destination."""
    return {name: value for name, value in asked.headers.items() if name in ("if-match", "if-none-match")}
