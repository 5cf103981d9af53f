"""What a request says of the object that it makes, beside its body: the same headers for puts, copies and uploads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from moto.s3 import responses
from moto.s3.utils import STORAGE_CLASS

from localcloud.aws.services.s3.asked import backend_of
from localcloud.aws.services.s3.errors import refuse
from localcloud.aws.services.s3.object_lock import lock_of_new
from localcloud.aws.services.s3.objects import StoredKey
from localcloud.aws.services.s3.retention import Lock
from localcloud.aws.services.s3.sse import Encryption, encryption_of_new

_META = "x-amz-meta-"
_SYSTEM = ("content-type", "cache-control", "content-disposition", "content-language", "expires")
_MOST_METADATA, _MOST_TAGS, _LONGEST_TAG_KEY, _LONGEST_TAG_VALUE = 2048, 10, 128, 256


@dataclass(frozen=True)
class NewObject:
    """What an object that is to be made will be, but for its body."""

    metadata: Mapping[str, str]
    storage_class: str
    encryption: Encryption
    lock: Lock
    tags: Mapping[str, str] = field(default_factory=dict)
    acl: Any = None
    website_redirect: str | None = None

    @classmethod
    def of(cls, headers: Mapping[str, str], bucket: Any) -> NewObject:
        """What these headers say; S3's refusal of what it does not take."""
        storage_class = headers.get("x-amz-storage-class", "STANDARD")
        if storage_class not in STORAGE_CLASS:
            raise refuse("InvalidStorageClass", 400, "The storage class you specified is not valid")
        return cls(
            metadata=_metadata(headers),
            storage_class=storage_class,
            encryption=encryption_of_new(headers, bucket),
            lock=lock_of_new(headers, bucket),
            tags=tags_of(headers.get("x-amz-tagging", "")),
            acl=_acl(headers) or bucket.acl,
            website_redirect=headers.get("x-amz-website-redirect-location"),
        )

    def with_tags(self, tags: Mapping[str, str]) -> NewObject:
        """The same with other tags."""
        return replace(self, tags=tags)

    def give_to(self, version: StoredKey) -> None:
        """Let a new version have them."""
        version.set_metadata(dict(self.metadata))
        version.set_storage_class(self.storage_class)
        version.encryption, version.kms_key_id = self.encryption.algorithm, self.encryption.key_id
        version.bucket_key_enabled = self.encryption.bucket_key
        version.object_lock = self.lock
        version.set_acl(self.acl)
        version.website_redirect_location = self.website_redirect


def encryption_of(version: Any) -> Encryption:
    """What a version is encrypted with."""
    return Encryption(version.encryption, version.kms_key_id, str(version.bucket_key_enabled).lower() == "true")


def tags_of(text: str) -> dict[str, str]:
    """The tags in a header, which has them as a query."""
    pairs = parse_qsl(text, keep_blank_values=True)
    tags = dict(pairs)
    if len(tags) != len(pairs):
        raise _invalid_tag("Cannot provide multiple Tags with the same key")
    if len(tags) > _MOST_TAGS:
        raise refuse("BadRequest", 400, "Object tags cannot be greater than 10")
    for key, value in tags.items():
        if not key or len(key) > _LONGEST_TAG_KEY or key.startswith("aws:"):
            raise _invalid_tag("The TagKey you have provided is invalid")
        if len(value) > _LONGEST_TAG_VALUE:
            raise _invalid_tag("The TagValue you have provided is invalid")
    return tags


def keep_tags(bucket: Any, version: StoredKey, tags: Mapping[str, str]) -> None:
    """Give a new version its tags; moto keeps them beside the objects."""
    tagger = backend_of(bucket).tagger
    tagger.delete_all_tags_for_resource(version.arn)
    if tags:
        tagger.tag_resource(version.arn, [{"Key": key, "Value": value} for key, value in tags.items()])


def _metadata(headers: Mapping[str, str]) -> dict[str, str]:
    own = {name: value for name, value in headers.items() if name.startswith(_META)}
    size = sum(len(name) - len(_META) + len(value.encode()) for name, value in own.items())
    if size > _MOST_METADATA:
        message = "Your metadata headers exceed the maximum allowed metadata size"
        raise refuse("MetadataTooLarge", 400, message, Size=size, MaxSizeAllowed=_MOST_METADATA)
    system = {name: headers[name] for name in _SYSTEM if headers.get(name)}
    encodings = [coding.strip() for coding in headers.get("content-encoding", "").split(",")]
    encoding = ",".join(coding for coding in encodings if coding not in ("", "aws-chunked"))
    return system | ({"content-encoding": encoding} if encoding else {}) | own


def _acl(headers: Mapping[str, str]) -> Any:
    response: Any = responses.S3Response
    return response._acl_from_headers(SimpleNamespace(), headers)


def _invalid_tag(message: str) -> Exception:
    return refuse("InvalidTag", 400, message)
