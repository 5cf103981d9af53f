"""Backups of a real PostgreSQL in the local AWS: what lands there, and what a cut upload leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from console.errors import REFUSED, ExplainedError
from ops.backups.contents import Contents, differences, read
from ops.backups.create import Creation, create
from ops.backups.store import Store
from ops.doors.objects import S3Objects
from ops.doors.postgres_dump import Postgres
from ops.doors.upload import SMALLEST
from tests.support.aws_daemon import Aws, running
from tests.support.backup_fakes import NOW, RECIPIENT, Scene

BUCKET = "cams-staging-backups-123456789012"
MIB = 1 << 20


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """One daemon for these tests."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        daemon.client("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        yield daemon


@pytest.fixture
def bucket(aws: Aws) -> S3Objects:
    """The bucket of backups, by the door."""
    return S3Objects(aws.client("s3"), BUCKET)


@dataclass
class Cut:
    """S3, until it has taken so many parts of an upload."""

    s3: Any
    parts: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.s3, name)

    def upload_part(self, **sent: Any) -> Any:
        self.parts -= 1
        if self.parts < 0:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "cut"}}, "UploadPart")
        return self.s3.upload_part(**sent)


def chunks(size: int) -> Iterator[bytes]:
    """That many bytes, in pieces of no special length."""
    piece = bytes(range(256)) * 1000
    while size > 0:
        yield piece[:size]
        size -= len(piece)


def test_a_backup_lands_with_what_its_manifest_says(
    bucket: S3Objects, database: Callable[..., str], server: Any
) -> None:
    """Its parts have their sizes and hashes, and its contents are those of the database."""
    url = database("backed", "CREATE TABLE exam (id int, title text)", "INSERT INTO exam VALUES (1, 'a'), (2, 'b')")
    scene = Scene(Postgres(url), bucket)  # type: ignore[arg-type] # the real ones in the place of fakes

    manifest = create(scene.place)

    kept, found = Store(bucket, "staging").find(manifest.id)
    assert (kept.id, found) == (manifest.id, manifest)
    [part] = found.parts
    stored = bucket.get(part.key)
    assert (len(stored), hashlib.sha256(stored).hexdigest()) == (part.size, part.sha256)
    assert differences(Contents.model_validate(found.contents), read(url)) == []
    assert str(found.server_major) == server.version


def test_an_upload_that_is_cut_leaves_nothing(aws: Aws, bucket: S3Objects) -> None:
    """Neither an object nor parts that somebody pays for."""
    s3 = aws.client("s3")

    with pytest.raises(ExplainedError, match="cut"):
        S3Objects(Cut(s3, 1), BUCKET).put("daily/staging/cut", chunks(3 * SMALLEST + 5))

    assert bucket.head("daily/staging/cut") is None
    assert s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []) == []


def test_a_stream_that_fails_is_no_object(aws: Aws, bucket: S3Objects) -> None:
    """Its own error is told."""

    def fails() -> Iterator[bytes]:
        yield from chunks(2 * SMALLEST + 5)
        raise RuntimeError("pg_dump ended")

    with pytest.raises(RuntimeError, match="pg_dump ended"):
        bucket.put("daily/staging/failed", fails())

    assert bucket.head("daily/staging/failed") is None
    assert aws.client("s3").list_multipart_uploads(Bucket=BUCKET).get("Uploads", []) == []


@pytest.mark.parametrize("size", [0, 10, SMALLEST, 2 * SMALLEST + 7])
def test_an_object_is_stored_once(bucket: S3Objects, size: int) -> None:
    """The second put of a key is refused, however long it is, and the first stays."""
    key = f"daily/staging/once-{size}"
    stored = bucket.put(key, chunks(size))

    with pytest.raises(ExplainedError, match="there is one already") as told:
        bucket.put(key, chunks(size))

    assert told.value.code == REFUSED
    read_again = b"".join(bucket.read(key))
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(read_again).hexdigest())


def test_a_server_that_is_newer_than_every_pg_dump_is_refused(database: Callable[..., str]) -> None:
    """Before anything is stored."""
    scene = Scene(Postgres(database("newer")))  # type: ignore[arg-type] # the real one

    with pytest.raises(ExplainedError, match="the server has version 99") as told:
        scene.database.program(99)

    assert told.value.code == REFUSED


def test_a_large_database_is_dumped_in_parts_of_one_snapshot(
    database: Callable[..., str],
) -> None:
    """All tables, once each, whatever they are called."""
    url = database(
        "large",
        'CREATE TABLE "odd ""name" AS SELECT g, md5(g::text) AS t FROM generate_series(1, 900000) g',
        "CREATE TABLE other AS SELECT g, md5(g::text) AS t FROM generate_series(1, 300000) g",
        "CREATE TABLE few (id serial)",
        "SELECT lo_from_bytea(0, 'large')",
    )
    scene = Scene(Postgres(url))  # type: ignore[arg-type] # the real one
    creation = Creation(scene.place, Postgres(url), (RECIPIENT,), cores=2)

    manifest = creation.make("20261127T070000Z-abcdef", NOW)

    assert [part.name for part in manifest.parts] == ["schema", "data-01", "data-02"]
    rows = [scene.opened(part.key).count(b"\n") for part in manifest.parts[1:]]
    assert min(rows) >= 300_000
    assert sum(rows) < 1_210_000
