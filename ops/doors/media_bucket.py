"""The door to the media bucket: files as they are listed, and exactly those as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from console.streams import Chunked
from ops.doors import aws, s3
from ops.doors.aws import Clients

PART = 8 * 1024 * 1024
CHANGED = frozenset({"404", "NoSuchKey", "412", "PreconditionFailed"})
SHA256 = "slipway-sha256"  # metadata of a file that was restored
# What a browser is told of a file besides its bytes.
HEADERS = ("CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Metadata")


class ChangedError(Exception):
    """What was listed is another one by now, or gone."""


@dataclass(frozen=True)
class Found:
    """A file in the media bucket, as a listing tells of it."""

    key: str
    size: int
    etag: str
    modified: str


@dataclass(frozen=True)
class Reading:
    """One that is being read: exactly what was listed, or an error."""

    version: str
    headers: Mapping[str, Any]
    chunks: Iterator[bytes]


class Bucket(Protocol):
    """The media bucket."""

    name: str

    def list(self) -> Iterator[Found]:
        """All files, in the order of their keys' bytes."""

    def look(self, key: str) -> tuple[Found, Mapping[str, Any]] | None:
        """One of them with its headers, as it is now."""

    def read(self, found: Found) -> Reading:
        """Exactly that one; `ChangedError` where it is another by now."""

    def put(self, key: str, chunks: Iterator[bytes], headers: Mapping[str, Any]) -> None:
        """Store a file; nothing is left of one whose chunks end in an error."""


class S3Bucket:
    """One in S3."""

    def __init__(self, s3: Any, name: str) -> None:
        self._s3, self.name = s3, name

    def list(self) -> Iterator[Found]:
        """A thousand a request."""
        for one in s3.listed(self._s3, self.name):
            yield Found(one["Key"], one["Size"], one["ETag"], _time(one["LastModified"]))

    def look(self, key: str) -> tuple[Found, Mapping[str, Any]] | None:
        """Without its bytes."""
        with aws.told(f"cannot look at s3://{self.name}/{key}"):
            seen = aws.answer(lambda: self._s3.head_object(Bucket=self.name, Key=key), unless=CHANGED)
        if seen is None:
            return None
        return Found(key, seen["ContentLength"], seen["ETag"], _time(seen["LastModified"])), _headers(seen)

    def read(self, found: Found) -> Reading:
        """S3's own checksum is verified by the way."""
        first = self._get(found, 0)
        answers = [first]

        def ask(start: int) -> Any:
            return answers.pop() if answers else self._get(found, start)

        chunks = s3.read_on(ask, f"s3://{self.name}/{found.key}")
        return Reading(str(first.get("VersionId") or ""), _headers(first), chunks)

    def put(self, key: str, chunks: Iterator[bytes], headers: Mapping[str, Any]) -> None:
        """In parts where it is large, in constant memory."""
        from boto3.s3.transfer import TransferConfig

        config = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, max_concurrency=4, max_io_queue=8)
        with aws.told(f"cannot put s3://{self.name}/{key}"):
            self._s3.upload_fileobj(Chunked(chunks), self.name, key, ExtraArgs=dict(headers), Config=config)

    def _get(self, found: Found, start: int) -> Any:
        asked = {"Bucket": self.name, "Key": found.key, "IfMatch": found.etag}
        part = {"Range": f"bytes={start}-"} if start else {"ChecksumMode": "ENABLED"}
        with aws.told(f"cannot read s3://{self.name}/{found.key}"):
            answer = aws.answer(lambda: self._s3.get_object(**asked, **part), unless=CHANGED)
        if answer is None:
            raise ChangedError(found.key)
        return answer


def bucket(clients: Clients, name: str) -> Bucket:
    """One in S3, with those clients."""
    return S3Bucket(clients("s3"), name)


def _time(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _headers(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in HEADERS if answer.get(name)}
