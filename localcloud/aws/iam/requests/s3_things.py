"""The buckets and objects that a call is about, as moto keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from moto.s3.models import FakeKey, s3_backends

from localcloud.aws.call import Call

PARTITION = "aws"


@dataclass(frozen=True)
class Place:
    """A bucket, or an object of it, by name."""

    bucket: str
    key: str = ""
    version: str | None = None

    @property
    def arn(self) -> str:
        """As policies write it."""
        return f"arn:aws:s3:::{self.bucket}/{self.key}" if self.key else f"arn:aws:s3:::{self.bucket}"


def place(call: Call) -> Place:
    """What the path names. A key is what follows the bucket, whatever slashes are in it."""
    path = call.path.encode("latin-1", "replace").decode("utf-8", "replace")  # as WSGI gives it
    bucket, _, key = path.removeprefix("/").partition("/")
    return Place(bucket, key, _first(call.query, "versionId"))


def headers(call: Call) -> Mapping[str, str]:
    """The headers in small letters; a presigned URL may have those of S3 in its query."""
    return {
        **{name.lower(): values[0] for name, values in call.query.items() if name.lower().startswith("x-amz-")},
        **call.headers,
    }


def source(call: Call) -> Place | None:
    """What a copy is made of: `/bucket/key?versionId=…`, the key encoded as in a URL."""
    written = headers(call).get("x-amz-copy-source")
    if not written:
        return None
    path, _, query = written.removeprefix("/").partition("?")
    bucket, _, key = path.partition("/")
    if path.startswith("arn:") or "%2F" in bucket.upper():
        bucket, _, key = unquote(path).rpartition(":::")[2].removeprefix("/").partition("/")
        return Place(bucket, key)
    version = query.removeprefix("versionId=") if query.startswith("versionId=") else None
    return Place(unquote(bucket), unquote(key), version)


def bucket_named(name: str) -> Any:
    """moto's bucket; None where nobody has one of that name."""
    _, account = s3_backends.bucket_accounts.get(name, (PARTITION, ""))
    return backend_of(account).buckets.get(name) if account else None


def object_at(where: Place) -> Any:
    """The object, or the version that is asked for; None where there is none, or a delete marker."""
    bucket = bucket_named(where.bucket)
    if bucket is None or not where.key:
        return None
    if where.version is None:
        found = bucket.keys.get(where.key)
    else:
        versions = bucket.keys.getlist(where.key, default=[])
        found = next((each for each in versions if str(each.version_id) == where.version), None)
    return found if isinstance(found, FakeKey) else None


def tags_of(thing: Any) -> Mapping[str, str]:
    """The tags of a bucket or an object."""
    tags: Mapping[str, str] = backend_of(thing.account_id).tagger.get_tag_dict_for_resource(thing.arn)
    return tags


def backend_of(account: str) -> Any:
    """moto's S3 of an account."""
    return s3_backends[account][PARTITION]


def _first(query: Mapping[str, list[str]], name: str) -> str | None:
    return query[name][0] if query.get(name) and query[name][0] else None
