"""A backup in the local cloud's S3: made of a real database, read back, and told from what never became one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bench.database.make import make
from console.errors import ExplainedError
from ops.backups.create import Creation
from ops.backups.manifest import Manifest, new_id
from ops.backups.place import Place, utc
from ops.backups.prune import prune
from ops.backups.status import status
from ops.backups.store import Store
from ops.backups.verify import verify
from ops.doors.leftovers import Leftovers
from ops.doors.objects import bucket
from ops.doors.postgres_archive import parse
from ops.doors.postgres_dump import Postgres
from tests.support.aws_daemon import Aws, running
from tests.unit.ops.backups.scene import OWN, Scene


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """An account."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        yield daemon


@pytest.fixture
def place(aws: Aws, request: pytest.FixtureRequest) -> Place:
    """Of staging, with a bucket of this test's own."""
    name = f"cams-staging-{abs(hash(request.node.name))}"
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    return replace(Scene().place, clients=aws.client, objects=bucket(aws.client, name), now=utc)


def made(place: Place, url: str) -> Manifest:
    """A backup of that database."""
    return Creation(place, Postgres(url), (str(OWN.to_public()),)).make(new_id(place.now(), "0a1b2c"), place.now())


def test_a_backup_is_read_back_to_its_last_byte(place: Place, database: Callable[..., str]) -> None:
    """And one byte that is another one, or a key that is, is told."""
    url = database("kept")
    make(url, 1)
    manifest = made(place, url)

    found = verify(Store(place.objects, "staging").newest()[1], place.objects, [OWN], parse)

    assert found.manifest == manifest
    assert found.tables == sum(one["kind"] == "table" for one in manifest.contents["tables"].values())
    part = manifest.parts[0]
    stored = bytearray(place.objects.get(part.key))
    stored[len(stored) // 2] ^= 4
    place.objects.put(part.key, [bytes(stored)], once=False)
    with pytest.raises(ExplainedError, match="is damaged"):
        verify(manifest, place.objects, [OWN], parse)


def test_leftovers_are_seen_and_removed(place: Place, aws: Aws, database: Callable[..., str]) -> None:
    """An upload that never ended and a part without a manifest; what is younger than a day is at work."""
    made(place, database("small", "CREATE TABLE one AS SELECT 1 AS n"))
    s3, leftovers = aws.client("s3"), Leftovers(aws.client, place.objects.name)
    other = new_id(place.now(), "ffffff")
    s3.create_multipart_upload(Bucket=place.objects.name, Key=f"daily/staging/{other}/data-01")
    place.objects.put(f"daily/staging/{other}/schema", [b"x"])

    assert status(place, leftovers).running == (other,)
    assert prune(place, leftovers, yes=True).leftovers == ()
    later = replace(place, now=lambda: utc() + timedelta(days=1, minutes=1))
    assert [one.id for one in prune(later, leftovers, yes=False).leftovers] == [other]
    assert prune(later, leftovers, yes=True).done
    assert prune(later, leftovers, yes=True).leftovers == ()
    assert len(Store(place.objects, "staging").backups()) == 1
    assert status(place, leftovers).verdict == "fresh"


def test_an_archive_that_is_cut_is_told(database: Callable[..., str], tmp_path: Path) -> None:
    """`pg_restore --list` would not notice."""
    url = database("cut_off", "CREATE TABLE one AS SELECT repeat('x', 99) FROM generate_series(1, 5000)")
    postgres = Postgres(url)
    major = int(postgres.program(postgres.facts().major).partition(".")[0])
    with postgres.hold() as held, postgres.dump(held, ()) as chunks:
        archive = b"".join(chunks)

    assert 'table "public.one"' in parse(iter([archive]), major=major)
    with pytest.raises(ExplainedError, match="pg_restore cannot read the archive"):
        parse(iter([archive[: len(archive) // 2]]), major=major)
    with pytest.raises(ExplainedError, match="no pg_restore that is new enough"):
        parse(iter([archive]), major=99)
