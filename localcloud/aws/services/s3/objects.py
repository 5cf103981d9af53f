"""One version of an S3 object: moto's, with its body on disk, its checksum, its parts and its lock."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.s3 import models

from localcloud.aws.services.s3.bodies import Body, store
from localcloud.aws.services.s3.checksums import Checksum
from localcloud.aws.services.s3.retention import Lock
from localcloud.machine import clock

_MotoKey = models.FakeKey
_HIDDEN = ("lock",)


@dataclass(frozen=True)
class Part:
    """One part of an upload, and of the object that was made of it."""

    number: int
    body: Body
    etag: str  # in quotes
    modified: datetime
    checksum: Checksum

    @property
    def size(self) -> int:
        """In bytes."""
        return self.body.size


class StoredKey(_MotoKey):
    """One version of an object.

    moto holds the body in memory and pickles it with the object.
    """

    body: Body = Body()
    checksum: Checksum | None = None
    parts: tuple[Part, ...] = ()  # of an object that was uploaded in parts
    upload_id: str | None = None
    object_lock: Lock = Lock()
    customer_key: Any = None

    def __init__(self, name: str, value: Body | bytes, *arguments: Any, **options: Any) -> None:
        super().__init__(name, value, *arguments, **options)  # type: ignore[arg-type] # goes to our `value`
        del self._value_buffer
        self.last_modified = now()

    @property
    def value(self) -> bytes:
        """The whole body, for what of moto still reads it so."""
        return b"".join(self.body.chunks())

    @value.setter
    def value(self, new_value: Body | bytes | str) -> None:
        content = new_value.encode() if isinstance(new_value, str) else new_value
        self.body = content if isinstance(content, Body) else store([content])
        self.contentsize = self.body.size

    @property
    def etag(self) -> str:
        """The MD5 of the body in quotes, unless an upload in parts or KMS gave another."""
        if self._etag is None:
            self._etag = self.body.md5().hex()
        return f'"{self._etag}"'

    def keep_checksum(self, checksum: Checksum) -> None:
        """Keep it where moto's listings look, too."""
        self.checksum = checksum
        self.checksum_algorithm, self.checksum_type = checksum.algorithm, checksum.type
        self.checksum_value = checksum.value

    def dispose(self, garbage: bool = False) -> None:
        """It is gone from its bucket: so is its body, unless something else has the same."""
        if not (garbage or self.disposed):
            self.body.release()
        self.disposed = True

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in _HIDDEN}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.lock = threading.Lock()


def now() -> datetime:
    """The cloud's time as moto has it: in UTC, without saying so."""
    return clock.now().replace(tzinfo=None)


def referred() -> set[str]:
    """The pieces of all versions and parts there are."""
    digests: set[str] = set()
    for backend in _backends():
        for bucket in backend.buckets.values():
            for _, versions in bucket.keys.iterlists():
                bodies = [version.body for version in versions if isinstance(version, StoredKey)]
                digests.update(piece.digest for body in bodies for piece in body.pieces)
            for upload in bucket.multiparts.values():
                digests.update(piece.digest for part in upload.parts.values() for piece in part.body.pieces)
    return digests


def install() -> None:
    """Make moto's S3 create these objects."""
    moto_s3: Any = models
    moto_s3.FakeKey = StoredKey


def _backends() -> list[Any]:
    return [backend for _, _, backend in models.s3_backends.iter_backends()]
