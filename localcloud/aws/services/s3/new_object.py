"""What a request says of the object that it makes, beside its body: the same headers for puts, copies and uploads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from moto.s3 import models, responses

from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.encryption import Encryption
from localcloud.aws.services.s3.object_lock import lock_of_new
from localcloud.aws.services.s3.objects import StoredKey
from localcloud.aws.services.s3.retention import Lock

_META = "x-amz-meta-"
_SYSTEM = ("content-type", "cache-control", "content-disposition", "content-language", "expires")


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
    def of(cls, ask: Ask) -> NewObject:
        """What a request says."""
        headers, bucket = ask.said, ask.bucket
        return cls(
            metadata=_metadata(headers),
            storage_class=headers.get("x-amz-storage-class", "STANDARD"),
            encryption=Encryption.of(ask),
            lock=lock_of_new(headers, bucket),
            tags=dict(parse_qsl(headers.get("x-amz-tagging", ""), keep_blank_values=True)),
            acl=_acl(headers) or models.get_canned_acl("private"),
            website_redirect=headers.get("x-amz-website-redirect-location"),
        )

    def give_to(self, version: StoredKey) -> None:
        """Let a new version have them."""
        version.set_metadata(dict(self.metadata))
        version.set_storage_class(self.storage_class)
        version.encryption, version.kms_key_id = self.encryption.algorithm, self.encryption.key
        version.bucket_key_enabled, version.customer_key = self.encryption.bucket_key, self.encryption.customer_key
        version.object_lock = self.lock
        version.set_acl(self.acl)
        version.website_redirect_location = self.website_redirect


def keep_tags(bucket: Any, version: StoredKey, tags: Mapping[str, str]) -> None:
    """Give a new version its tags; moto keeps them beside the objects."""
    tagger = bucket.backend.tagger
    tagger.delete_all_tags_for_resource(version.arn)
    if tags:
        tagger.tag_resource(version.arn, [{"Key": key, "Value": value} for key, value in tags.items()])


def _metadata(headers: Mapping[str, str]) -> dict[str, str]:
    own = {name: value for name, value in headers.items() if name.startswith(_META)}
    system = {name: headers[name] for name in _SYSTEM if headers.get(name)}
    encodings = [coding.strip() for coding in headers.get("content-encoding", "").split(",")]
    encoding = ",".join(coding for coding in encodings if coding not in ("", "aws-chunked"))
    return system | ({"content-encoding": encoding} if encoding else {}) | own


def _acl(headers: Mapping[str, str]) -> Any:
    response: Any = responses.S3Response
    return response._acl_from_headers(SimpleNamespace(), headers)
