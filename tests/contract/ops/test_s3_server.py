"""The door to a bucket at a server of S3 that others wrote: checksums and conditions as they read them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import boto3
import pytest

from bench.backup.servers import BUCKET, KEY, REGION, VERSITYGW, served
from console.errors import REFUSED, ExplainedError
from ops.doors import upload
from ops.doors.objects import S3Objects

CONTENT = os.urandom(2 * upload.SMALLEST + 1)


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """With one bucket."""
    if not VERSITYGW.kept.exists():
        pytest.skip("`python -m bench.backup --s3 versitygw` builds it")
    folder: Path = tmp_path_factory.mktemp("server")
    with served(VERSITYGW.name, folder) as endpoint:
        yield boto3.Session(KEY, KEY, region_name=REGION).client("s3", endpoint_url=endpoint)


@pytest.mark.parametrize("content", [b"small", CONTENT], ids=["in one request", "in parts"])
def test_an_object_is_stored_once(s3: Any, content: bytes) -> None:
    """And read from anywhere; another one for its name is refused, and nothing is left of it."""
    objects, key = S3Objects(s3, BUCKET), f"daily/{len(content)}"

    stored = objects.put(key, [content])

    assert (stored.size, stored.sha256) == (len(content), sha256(content).hexdigest())
    with pytest.raises(ExplainedError) as refused:
        objects.put(key, [content[::-1]])
    assert refused.value.code == REFUSED
    assert b"".join(objects.read(key)) == content
    assert s3.get_object(Bucket=BUCKET, Key=key, Range="bytes=3-")["Body"].read() == content[3:]  # as we read on
    assert [one.size for one in objects.list(key)] == [len(content)]
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)


def test_a_part_that_was_damaged_on_its_way_is_not_taken(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checksum is of what we had, the bytes are others: no object, and no upload."""
    whole = upload._checksum
    monkeypatch.setattr(upload, "_checksum", lambda content: whole(content[:-1] + b"?"))

    with pytest.raises(ExplainedError, match="did not match"):
        S3Objects(s3, BUCKET).put("damaged", [CONTENT])

    assert S3Objects(s3, BUCKET).head("damaged") is None
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)


def test_who_loses_a_race_is_told(s3: Any) -> None:
    """Somebody else stores one of that name while the parts are on their way: theirs stays."""
    objects = S3Objects(s3, BUCKET)

    def chunks() -> Iterator[bytes]:
        yield CONTENT
        objects.put("raced", [b"theirs"])

    with pytest.raises(ExplainedError) as refused:
        objects.put("raced", chunks())

    assert refused.value.code == REFUSED
    assert objects.get("raced") == b"theirs"
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)
