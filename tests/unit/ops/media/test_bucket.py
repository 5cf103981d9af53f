"""The door to the media bucket, where the network is not what it should be."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from console.errors import ExplainedError
from ops.doors.media_bucket import ChangedError, Found, S3Bucket

CONTENT = bytes(range(256)) * 20
FOUND = Found("a", len(CONTENT), '"1"', "2026-11-27T00:00:00Z")
HEADERS = {"VersionId": "v1", "ContentType": "image/png"}


class Body(io.BytesIO):
    """One that is cut after so many bytes."""

    def __init__(self, content: bytes, cut: int | None) -> None:
        super().__init__(content)
        self._content, self._cut = content, cut

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        """As botocore's."""
        yield self._content[: self._cut]
        if self._cut is not None:
            raise ReadTimeoutError(endpoint_url="https://s3", error="cut")


class Client:
    """S3 that cuts each of these answers."""

    def __init__(self, *cuts: int | None) -> None:
        self.cuts = list(cuts)
        self.asked: list[str] = []
        self.refused = ""

    def get_object(self, **given: Any) -> dict[str, Any]:
        """From where it was asked for."""
        if self.refused:
            raise ClientError({"Error": {"Code": self.refused, "Message": "no"}}, "GetObject")
        assert given["IfMatch"] == FOUND.etag
        self.asked.append(given.get("Range", ""))
        start = int(given.get("Range", "bytes=0-")[6:-1])
        return {"Body": Body(CONTENT[start:], self.cuts.pop(0))} | HEADERS | {"ContentLength": len(CONTENT) - start}


def test_a_read_goes_on_where_it_was_cut() -> None:
    """Of the very same file."""
    client = Client(1000, 500, None)

    reading = S3Bucket(client, "media").read(FOUND)

    assert (reading.version, dict(reading.headers)) == ("v1", {"ContentType": "image/png"})
    assert b"".join(reading.chunks) == CONTENT
    assert client.asked == ["", "bytes=1000-", "bytes=1500-"]


def test_a_read_that_brings_nothing_is_given_up() -> None:
    """After some times."""
    client = Client(*[0] * 9)

    with pytest.raises(ExplainedError, match="cannot read s3://media/a"):
        list(S3Bucket(client, "media").read(FOUND).chunks)
    assert len(client.asked) == 6


@pytest.mark.parametrize("code", ["PreconditionFailed", "NoSuchKey"])
def test_a_file_that_changes_between_two_parts_is_another_one(code: str) -> None:
    """Its first half is not kept."""
    client = Client(1000)
    reading = S3Bucket(client, "media").read(FOUND)
    client.refused = code

    with pytest.raises(ChangedError):
        list(reading.chunks)


def test_what_aws_refuses_is_told() -> None:
    """With the file."""
    client = Client()
    client.refused = "AccessDenied"

    with pytest.raises(ExplainedError, match=r"cannot read s3://media/a: .*AccessDenied"):
        S3Bucket(client, "media").read(FOUND)
