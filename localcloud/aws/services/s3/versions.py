"""The versions of a bucket's objects: found, added, deleted. A name's versions are in order, the current one last."""

from __future__ import annotations

import re
import secrets
import string
from typing import Any

from moto.s3 import models

from localcloud.aws.services.s3.errors import (
    invalid_argument,
    method_not_allowed,
    no_such_key,
    no_such_version,
    protected,
    with_headers,
)
from localcloud.aws.services.s3.objects import StoredKey, now

NULL = "null"  # the version id of what was made while versioning was not enabled
_ALPHABET = string.ascii_letters + string.digits + "._"
_LENGTH = 32
_VERSION_ID = re.compile(r"[A-Za-z0-9._-]{32}")


class DeleteMarker(models.FakeDeleteMarker):
    """Stands where an object was deleted without naming a version."""

    def __init__(self, name: str, version_id: str) -> None:
        self.name = name
        self.last_modified = now()
        self._version_id = version_id

    def dispose(self) -> None:
        """It has no body to give back."""


def new_id(bucket: Any) -> str:
    """An id for the next version in this bucket."""
    if not bucket.is_versioned:
        return NULL
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def shown_id(bucket: Any, version: Any) -> str | None:
    """What a client is told of an id: nothing where there never was versioning."""
    return str(version.version_id) if bucket.versioning_status else None


def all_of(bucket: Any, key: str) -> list[Any]:
    """The versions and delete markers of a name, the current one last."""
    versions: list[Any] = bucket.keys.getlist(key, [])
    return versions


def current(bucket: Any, key: str) -> StoredKey | None:
    """The object of a name; None where it was never there, or is deleted."""
    versions = all_of(bucket, key)
    return versions[-1] if versions and isinstance(versions[-1], StoredKey) else None


def named(bucket: Any, key: str, version_id: str) -> Any:
    """One version or delete marker; None where there is none of that id."""
    return next((version for version in all_of(bucket, key) if version.version_id == version_id), None)


def found(bucket: Any, key: str, version_id: str | None = None, method: str = "GET") -> StoredKey:
    """The object that is meant, or S3's refusal; that of a delete marker says what it is."""
    if version_id is None:
        versions = all_of(bucket, key)
        if not versions:
            raise no_such_key(key)
        if isinstance(versions[-1], StoredKey):
            return versions[-1]
        marker = {"x-amz-delete-marker": "true", "x-amz-version-id": versions[-1].version_id}
        if method in ("GET", "HEAD"):
            raise with_headers(no_such_key(key), marker)
        raise with_headers(method_not_allowed(method), marker)
    version = named(bucket, key, version_id)
    if version is None:
        check_id(version_id)
        raise no_such_version(key, version_id)
    if not isinstance(version, StoredKey):
        marker = {"x-amz-delete-marker": "true", "x-amz-version-id": version_id, "Allow": "DELETE"}
        modified = version.last_modified.strftime("%a, %d %b %Y %H:%M:%S GMT")
        raise with_headers(method_not_allowed(method), marker | {"Last-Modified": modified})
    return version


def check_id(version_id: str) -> None:
    """An id that S3 could have given."""
    if version_id != NULL and not _VERSION_ID.fullmatch(version_id):
        raise invalid_argument("Invalid version id specified", "versionId", version_id)


def add(bucket: Any, version: Any) -> None:
    """Make this the current version of its name. Without versioning it takes the place of the one before."""
    kept = [each for each in all_of(bucket, version.name) if each.version_id != version.version_id]
    bucket.keys.setlist(version.name, [*kept, version])


def mark_deleted(bucket: Any, key: str) -> DeleteMarker | None:
    """Delete without naming a version: a marker where there is versioning, else the object goes."""
    if bucket.versioning_status is None:
        remove(bucket, key, NULL)
        return None
    marker = DeleteMarker(key, new_id(bucket))
    add(bucket, marker)
    return marker


def remove(bucket: Any, key: str, version_id: str, *, bypass: bool = False) -> Any:
    """Delete one version for good; gives it, or None where there is none. What is locked stays."""
    version = named(bucket, key, version_id)
    if version is None:
        return None
    if is_locked(version, bypass=bypass):
        raise protected()
    if isinstance(version, StoredKey):
        bucket.backend.tagger.delete_all_tags_for_resource(version.arn)
    kept = [each for each in all_of(bucket, key) if each is not version]
    if kept:
        bucket.keys.setlist(key, kept)
    else:
        bucket.keys.pop(key)
    return version


def is_locked(version: Any, *, bypass: bool = False) -> bool:
    """Whether Object Lock keeps a version now: from clients, and from lifecycle rules as well."""
    return isinstance(version, StoredKey) and version.object_lock.keeps(bypass=bypass)
