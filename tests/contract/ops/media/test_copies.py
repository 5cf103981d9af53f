"""A copy and a restore over S3's own protocol, by the identities `backup` and `restore` with their own rights."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyrage
import pytest
from botocore.exceptions import ClientError

from ops.doors.media_bucket import ChangedError, Found
from ops.media import copying, kept
from ops.media.copying import Copying, copy
from ops.media.inventory import Footer, Header, Inventory
from ops.media.kept import Shelf
from ops.media.restoring import IntoBucket, carry_out, plan
from tests.contract.ops.media.conftest import BACKUPS, MEDIA, Identity

IDENTITY: Any = pyrage.x25519.Identity.generate()


def run(who: Identity, number: int) -> Inventory:
    """The next copy."""
    shelf = Shelf(who.store, "staging", "own")
    name = f"202611{number:02}T020700Z-00000{number}"
    before = shelf.newest()
    finished = copy(
        Copying(who.bucket, who.store, [str(IDENTITY.to_public())], "staging"),
        Header(name, "staging", MEDIA, "own", "2026-11-27T02:07:00Z"),
        before.entries() if before else iter(()),
        lambda counts: Footer("2026-11-27T02:08:00Z", 1.0, **vars(counts)),
    )
    shelf.put(name, finished)
    return shelf.get(name)


def bodies(s3: Any) -> dict[str, bytes]:
    """What the media bucket has."""
    listed = s3.list_objects_v2(Bucket=MEDIA).get("Contents", ())
    return {one["Key"]: s3.get_object(Bucket=MEDIA, Key=one["Key"])["Body"].read() for one in listed}


def test_media_are_copied_as_they_change_and_put_back(admin: Any, acting: Callable[[str], Identity]) -> None:
    """Small and large, with odd names and what browsers are told of them."""
    large = os.urandom(1 << 20) * 20
    files = {"a b/ü+&.txt": b"text", "empty": b"", "large.bin": large, "same": b"text"}
    for key, content in files.items():
        admin.put_object(Bucket=MEDIA, Key=key, Body=content, ContentType="text/x-mine", Metadata={"by": "me"})
    backup, restore = acting("backup"), acting("restore")

    first = run(backup, 1)
    admin.put_object(Bucket=MEDIA, Key="new", Body=b"new")
    admin.delete_object(Bucket=MEDIA, Key="same")
    second = run(backup, 2)

    assert (first.footer.copied, first.footer.bytes) == (4, len(large) + 8)
    assert (second.footer.copied, second.footer.unchanged, second.footer.gone) == (1, 3, 1)
    assert [one.version != "" for one in first.entries()] == [True] * 4
    assert list(kept.lost(backup.store, first.entries(), "staging/objects/")) == []
    for key in files:
        admin.delete_object(Bucket=MEDIA, Key=key)
    admin.put_object(Bucket=MEDIA, Key="empty", Body=b"overwritten")
    where = IntoBucket(restore.bucket)
    done = carry_out(plan(first.entries(), where), where, restore.store, [IDENTITY])
    assert (done.files, done.failed) == (4, [])
    assert bodies(admin) == files | {"new": b"new"}
    head = admin.head_object(Bucket=MEDIA, Key="a b/ü+&.txt")
    assert (head["ContentType"], head["Metadata"]["by"]) == ("text/x-mine", "me")
    assert plan(first.entries(), where).files == 0


def test_who_copies_cannot_take_away_or_change_what_was_copied(admin: Any, acting: Callable[[str], Identity]) -> None:
    """Neither a file nor an inventory; and the bytes are sealed for others."""
    admin.put_object(Bucket=MEDIA, Key="a", Body=b"personal")
    backup = acting("backup")
    [entry] = run(backup, 1).entries()

    for place, _ in backup.store.list("staging/"):
        key = f"media/{place}"
        with pytest.raises(ClientError, match="AccessDenied"):
            backup.s3.delete_object(Bucket=BACKUPS, Key=key)
        with pytest.raises(ClientError, match="AccessDenied"):
            backup.s3.put_object(Bucket=BACKUPS, Key=key, Body=b"other")
    assert backup.store.put(entry.place, iter([b"another one"])) == entry.stored
    assert b"personal" not in b"".join(backup.store.read(entry.place))


def test_a_run_that_is_cut_leaves_the_one_before(
    admin: Any, acting: Callable[[str], Identity], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of a large file: nothing of that is there, and no part of an upload."""
    admin.put_object(Bucket=MEDIA, Key="a", Body=b"1")
    backup = acting("backup")
    run(backup, 1)
    content = os.urandom(1 << 20) * 40
    admin.put_object(Bucket=MEDIA, Key="b", Body=content)

    def cut(found: Found, chunks: Iterator[bytes], digest: str) -> Iterator[bytes]:
        for number, chunk in enumerate(chunks):
            if number * len(chunk) > len(content) // 2:
                raise ConnectionError("cut")
            yield chunk

    monkeypatch.setattr(copying, "_same", cut)
    with pytest.raises(ConnectionError, match="cut"):
        run(backup, 2)

    shelf = Shelf(backup.store, "staging", "own")
    newest = shelf.newest()
    assert newest
    assert [entry.key for entry in newest.entries()] == ["a"]
    assert hashlib.sha256(content).hexdigest() not in str(list(backup.store.list("staging/objects/")))
    assert "Uploads" not in admin.list_multipart_uploads(Bucket=BACKUPS)


def test_a_file_is_read_exactly_as_it_was_listed(admin: Any, acting: Callable[[str], Identity]) -> None:
    """One that was uploaded since, or deleted, is another one."""
    admin.put_object(Bucket=MEDIA, Key="a", Body=b"1")
    admin.put_object(Bucket=MEDIA, Key="b", Body=b"1")
    bucket = acting("backup").bucket
    listed = list(bucket.list())
    admin.put_object(Bucket=MEDIA, Key="a", Body=b"2")
    admin.delete_object(Bucket=MEDIA, Key="b")

    for found in listed:
        with pytest.raises(ChangedError):
            bucket.read(found)
    now = bucket.look("a")
    assert now
    assert b"".join(bucket.read(now[0]).chunks) == b"2"
    assert bucket.look("b") is None


def test_two_runs_at_a_time_are_both_whole(admin: Any, acting: Callable[[str], Identity]) -> None:
    """Each content is there once, whoever put it first."""
    for number in range(40):
        admin.put_object(Bucket=MEDIA, Key=f"{number:02}", Body=b"%d" % (number // 2) * 100)
    backup = acting("backup")

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda number: run(backup, number), (1, 2))

    for inventory in (first, second):
        assert inventory.footer.objects == 40
        assert list(kept.lost(backup.store, inventory.entries(), "staging/objects/")) == []
    assert len(list(backup.store.list("staging/objects/"))) == 20
    versions = admin.list_object_versions(Bucket=BACKUPS)["Versions"]
    assert all(one["IsLatest"] for one in versions)
