"""CopyObject, and what UploadPartCopy has in common with it: the source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from localcloud.aws.replies import AwsError
from localcloud.aws.services.s3 import conditions, customer_keys, encryption, versions
from localcloud.aws.services.s3.answers import Result
from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.bucket import bucket_named
from localcloud.aws.services.s3.checksums import ALGORITHMS, DEFAULT, checksum
from localcloud.aws.services.s3.errors import invalid_argument, invalid_request
from localcloud.aws.services.s3.new_object import NewObject
from localcloud.aws.services.s3.objects import StoredKey
from localcloud.aws.services.s3.reading import check_restored
from localcloud.aws.services.s3.writing import made, new_version

LARGEST = 5 << 30  # bytes that one copy may have
_SOURCE = re.compile(r"/?([^/]+)/(.+)", re.DOTALL)
_CHANGES = ("x-amz-storage-class", "x-amz-server-side-encryption", "x-amz-website-redirect-location")


def copy_object(ask: Ask) -> Result:
    """CopyObject."""
    bucket = ask.bucket
    metadata, tagging = (_directive(ask, name) for name in ("metadata", "tagging"))
    source_bucket, source, _ = source_of(ask.said)
    check_size(source.body.size)
    conditions.check_write(_own_conditions(ask), ask.key_name, versions.current(bucket, ask.key_name))
    attributes = NewObject.of(ask)
    if metadata == "COPY":
        attributes = replace(attributes, metadata=dict(source.metadata))
    if tagging == "COPY":
        tags = source_bucket.backend.tagger.get_tag_dict_for_resource(source.arn)
        attributes = replace(attributes, tags=tags)
    algorithm = _algorithm(ask, source)
    version = new_version(bucket, ask.key_name, source.body, attributes)
    kept = source.checksum
    same = kept is not None and (kept.algorithm, kept.type) == (algorithm, "FULL_OBJECT")
    version.keep_checksum(kept if kept and same else checksum(algorithm, source.body.chunks()))
    return Result(_told(bucket, version) | {"CopySourceVersionId": versions.shown_id(source_bucket, source)})


def check_itself(ask: Ask) -> None:
    """A copy onto itself must change something; asked before what it leaves to the bucket's default is filled in."""
    bucket, source, named = source_of(ask.said)
    to_itself = bucket is ask.bucket and source.name == ask.key_name and not (named and bucket.is_versioned)
    if to_itself and _directive(ask, "metadata") == "COPY" and not _changes(ask, source):
        message = "This copy request is illegal because it is trying to copy an object to itself without changing"
        message += " the object's metadata, storage class, website redirect location or encryption attributes."
        raise invalid_request(message)


def check_source(ask: Ask) -> None:
    """A customer's key that the source was written with is brought again."""
    customer_keys.check_copied(ask, source_of(ask.said)[1])


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
    encryption.check_key(bucket, source)
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


def _directive(ask: Ask, what: str) -> str:
    name = f"x-amz-{what}-directive"
    directive = ask.said.get(name, "COPY")
    if directive not in ("COPY", "REPLACE"):
        raise invalid_argument(f"Unknown {what} directive.", name, directive)
    return directive


def _changes(ask: Ask, source: StoredKey) -> bool:
    """Whether the copy would differ; that of an object encrypted otherwise than the usual default does."""
    if any(name.startswith(_CHANGES) for name in ask.said):
        return True
    return source.encryption != "AES256" or encryption.is_set(ask)


def _algorithm(ask: Ask, source: StoredKey) -> str:
    asked_for = ask.said.get("x-amz-checksum-algorithm", "").upper()
    if asked_for and asked_for not in ALGORITHMS:
        message = "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
        raise invalid_request(f"{message}[{', '.join(sorted(ALGORITHMS))}]")
    return asked_for or (source.checksum.algorithm if source.checksum else DEFAULT)


def _own_conditions(ask: Ask) -> dict[str, str]:
    """Those on the destination."""
    return {name: value for name, value in ask.said.items() if name in ("if-match", "if-none-match")}
