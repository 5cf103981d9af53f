"""PutObject: a whole object in one request."""

from __future__ import annotations

import hashlib
from typing import Any

from localcloud.aws.services.s3 import conditions, versions
from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.bodies import Body, keep
from localcloud.aws.services.s3.checksums import DEFAULT, Checksum, checksum
from localcloud.aws.services.s3.encryption import Encryption
from localcloud.aws.services.s3.integrity import require, verify
from localcloud.aws.services.s3.new_object import NewObject, keep_tags
from localcloud.aws.services.s3.objects import StoredKey


def put_object(ask: Ask) -> dict[str, Any]:
    """PutObject."""
    bucket = ask.bucket
    attributes = NewObject.of(ask)
    if attributes.lock.asked:
        require(ask.said, "Put Object requests with Object Lock parameters")
    given = verify(ask.said, ask.payload)
    conditions.check_write(ask.said, ask.key_name, versions.current(bucket, ask.key_name))
    version = new_version(bucket, ask.key_name, keep(ask.payload), attributes)
    version.keep_checksum(given or checksum(DEFAULT, ask.payload.chunks()))
    return made(bucket, version)


def new_version(bucket: Any, key: str, body: Body, attributes: NewObject, etag: str | None = None) -> StoredKey:
    """Add an object to a bucket. The caller has checked everything and gives it its checksum."""
    version = StoredKey(
        name=key,
        value=body,
        account_id=bucket.account_id,
        region_name=bucket.region_name,
        bucket_name=bucket.name,
        etag=etag,
        is_versioned=bucket.is_versioned,
        version_id=versions.new_id(bucket),
    )
    attributes.give_to(version)
    if etag is None and attributes.encryption.is_opaque:
        version._etag = opaque_etag(body.md5(), version.version_id)
    versions.add(bucket, version)
    keep_tags(bucket, version, attributes.tags)
    return version


def opaque_etag(md5: bytes, salt: str) -> str:
    """The ETag of what KMS encrypts is not the MD5 of its body."""
    return hashlib.md5(md5 + salt.encode(), usedforsecurity=False).hexdigest()


def made(bucket: Any, version: StoredKey) -> dict[str, Any]:
    """What a client is told of the version that it made."""
    kept: Checksum | None = version.checksum
    told = {"ETag": version.etag, "VersionId": versions.shown_id(bucket, version)}
    return told | Encryption.of_object(version).shown | (kept.shown if kept else {})
