"""Reads of a bucket over a connection that is lost again and again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, IncompleteReadError

from console.errors import ExplainedError
from ops.doors.objects import S3Objects
from tests.support.account_fakes import refused

CONTENT = bytes(range(256)) * 20
LOST = [
    IncompleteReadError(actual_bytes=1, expected_bytes=2),
    ConnectionClosedError(endpoint_url="https://s3"),
    ConnectionResetError("reset"),
    None,  # an end that is none
]


class Body(io.BytesIO):
    """One that ends too early."""

    def __init__(self, content: bytes, error: Exception | None) -> None:
        super().__init__(content)
        self.error = error

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        """As botocore's."""
        yield self.read(size)
        if self.error:
            raise self.error


@dataclass
class Client:
    """S3 that answers with so many bytes each time, then as it should."""

    cuts: list[int]
    error: Exception | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    unreachable: int = 0
    replaced: bool = False

    def get_object(self, **given: Any) -> dict[str, Any]:
        """From where it was asked for."""
        self.asked.append(given)
        if self.unreachable:
            self.unreachable -= 1
            raise EndpointConnectionError(endpoint_url="https://s3")
        if self.replaced and "IfMatch" in given:
            raise refused("PreconditionFailed")
        rest = CONTENT[int(given.get("Range", "bytes=0-")[6:-1]) :]
        body = Body(rest[: self.cuts.pop(0)], self.error) if self.cuts else Body(rest, None)
        return {"Body": body, "ContentLength": len(rest), "ETag": '"1"'}


def read(client: Client) -> bytes:
    """All of it."""
    return b"".join(S3Objects(client, "backups").read("a"))


@pytest.mark.parametrize("error", LOST)
def test_a_read_goes_on_where_it_was_cut(error: Exception | None) -> None:
    """However that is told, and of the same object alone."""
    client = Client([1000, 500], error, unreachable=1)

    assert read(client) == CONTENT
    assert [one.get("Range") for one in client.asked] == [None, None, "bytes=1000-", "bytes=1500-"]
    assert [one.get("IfMatch") for one in client.asked] == [None, None, '"1"', '"1"']


@pytest.mark.parametrize(("error", "why"), [(LOST[2], "reset"), (None, "it ends after 1 bytes of 5120")])
def test_a_read_that_brings_nothing_is_given_up(error: Exception | None, why: str) -> None:
    """After some times; what it brought between counts anew."""
    client = Client([1, *[0] * 9], error)

    with pytest.raises(ExplainedError, match=f"cannot read s3://backups/a: {why}"):
        read(client)
    assert len(client.asked) == 7


def test_an_object_that_was_replaced_meanwhile_is_not_read_on() -> None:
    """Half of one and half of another is none."""
    with pytest.raises(ExplainedError, match=r"cannot read s3://backups/a: .*PreconditionFailed"):
        read(Client([1000], replaced=True))
