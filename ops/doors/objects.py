"""The door to a bucket: objects that are put once, as streams of any length, and read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ops.doors import aws, s3
from ops.doors.aws import Clients
from ops.doors.upload import Stored, Upload, put_in_one

ABSENT = frozenset({"NoSuchKey", "NoSuchBucket", "404"})

__all__ = ["Entry", "Objects", "S3Objects", "Stored", "bucket"]


@dataclass(frozen=True)
class Entry:
    """What is known of an object without reading it."""

    key: str
    size: int
    modified: datetime


class Objects(Protocol):
    """One bucket."""

    name: str

    def put(self, key: str, chunks: Iterable[bytes], *, once: bool = True, size_hint: int | None = None) -> Stored:
        """Store what the chunks are together; `once` refuses where there is one. Nothing is left of a failure."""

    def get(self, key: str) -> bytes:
        """All of a small one."""

    def read(self, key: str) -> Iterator[bytes]:
        """As a stream, which goes on where a connection was lost."""

    def head(self, key: str) -> Entry | None:
        """What is known of it; None where there is none."""

    def list(self, prefix: str) -> Iterator[Entry]:
        """All whose keys begin so, in the order of their keys."""

    def delete(self, key: str) -> None:
        """Take it away; what is gone already is no error."""


class S3Objects:
    """A bucket in S3, or in what speaks like it."""

    def __init__(self, s3: Any, name: str) -> None:
        self._s3, self.name = s3, name

    def put(self, key: str, chunks: Iterable[bytes], *, once: bool = True, size_hint: int | None = None) -> Stored:
        """In one request where it is small; else in parts that are sent side by side while the next is read."""
        upload = Upload(self._s3, self.name, key, once=once, size_hint=size_hint)
        stream = upload.pieces(chunks)
        first, second = next(stream, b""), next(stream, None)
        if second is None:
            return put_in_one(self._s3, self.name, key, first, once=once)
        return upload.send(first, second, stream)

    def get(self, key: str) -> bytes:
        """Its own checksum is verified by the way."""
        with aws.told(f"cannot read {self._place(key)}"):
            found = self._s3.get_object(Bucket=self.name, Key=key, ChecksumMode="ENABLED")
            with closing(found["Body"]) as body:
                return bytes(body.read())

    def read(self, key: str) -> Iterator[bytes]:
        """Always the same object: one that was replaced meanwhile is an error, and so is an early end."""
        tag = ""

        def ask(at: int) -> Any:
            nonlocal tag
            same = ({"Range": f"bytes={at}-"} if at else {}) | ({"IfMatch": tag} if tag else {})
            found = self._s3.get_object(Bucket=self.name, Key=key, **same)
            tag = found["ETag"]
            return found

        with aws.told(f"cannot read {self._place(key)}"):
            yield from s3.read_on(ask, self._place(key))

    def head(self, key: str) -> Entry | None:
        """Without the right to list, S3 says 403 of what is not there: that is an error here."""
        with aws.told(f"cannot look at {self._place(key)}"):
            found = aws.answer(lambda: self._s3.head_object(Bucket=self.name, Key=key), unless=ABSENT)
        return Entry(key, found["ContentLength"], found["LastModified"]) if found else None

    def list(self, prefix: str) -> Iterator[Entry]:
        """A thousand a request."""
        for one in s3.listed(self._s3, self.name, prefix):
            yield Entry(one["Key"], one["Size"], one["LastModified"])

    def delete(self, key: str) -> None:
        """In a versioned bucket the versions stay until the lifecycle takes them."""
        with aws.told(f"cannot take away {self._place(key)}"):
            self._s3.delete_object(Bucket=self.name, Key=key)

    def _place(self, key: str) -> str:
        return f"s3://{self.name}/{key}"


def bucket(clients: Clients, name: str) -> Objects:
    """One in S3, with those clients."""
    return S3Objects(clients("s3"), name)
