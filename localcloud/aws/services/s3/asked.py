"""One call to S3, as those who carry it out read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.s3 import models

from localcloud.aws.call import Call
from localcloud.aws.services.s3.errors import invalid_argument, no_such_bucket, refuse

LONGEST_KEY = 1024


@dataclass(frozen=True)
class Asked:
    """What is asked for, and the body that was sent with it, out of its chunks.

    `headers` are in small letters; a presigned URL may have those of S3 in its query.
    """

    call: Call
    bucket_name: str
    key: str
    headers: Mapping[str, str]
    body: bytes = b""

    @classmethod
    def of(cls, call: Call, bucket_name: str, key: str, headers: Mapping[str, str], body: bytes) -> Asked:
        """The call as it is carried out."""
        signed = {name.lower(): values[0] for name, values in call.query.items() if name.lower().startswith("x-amz-")}
        return cls(call, bucket_name, key, {**signed, **headers}, body)

    def argument(self, name: str) -> str | None:
        """A parameter of the query."""
        values = self.call.query.get(name)
        return values[0] if values else None

    def number(self, name: str, least: int, most: int) -> int | None:
        """A parameter that is a number between these."""
        text = self.argument(name)
        if text is None:
            return None
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()):
            raise invalid_argument(f"Provided {name} not an integer or within integer range", name, text)
        if not least <= int(text) <= most:
            message = f"Argument {name} must be an integer between {least} and {most}"
            raise invalid_argument(message, name, text)
        return int(text)

    @property
    def version_id(self) -> str | None:
        """Which version is meant, where one is named."""
        version_id = self.argument("versionId")
        if version_id == "":
            raise invalid_argument("Version id cannot be the empty string", "versionId", version_id)
        return version_id

    @property
    def bypass(self) -> bool:
        """Whether retention in governance mode is to be overridden; whether the caller may was asked before."""
        return self.headers.get("x-amz-bypass-governance-retention", "").lower() == "true"

    @property
    def bucket(self) -> Any:
        """The bucket, one of `Bucket`."""
        return bucket_named(self.bucket_name)

    @property
    def backend(self) -> Any:
        """Where moto keeps the bucket, and the tags of its objects."""
        return backend_of(self.bucket)

    def check_key(self) -> None:
        """A name that an object may have."""
        size = len(self.key.encode("utf-8", "surrogatepass"))
        if size > LONGEST_KEY:
            raise refuse("KeyTooLongError", 400, "Your key is too long", Size=size, MaxSizeAllowed=LONGEST_KEY)


def bucket_named(name: str) -> Any:
    """The bucket of that name, whosever it is."""
    partition, account = models.s3_backends.bucket_accounts.get(name, ("", ""))
    bucket = models.s3_backends[account][partition].buckets.get(name) if account else None
    if bucket is None:
        raise no_such_bucket(name)
    return bucket


def backend_of(bucket: Any) -> Any:
    """Where moto keeps a bucket."""
    return models.s3_backends[bucket.account_id][bucket.partition]
