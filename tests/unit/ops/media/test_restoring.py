"""A restore: what is missing or different comes back, what is there stays, and nothing bad is put."""

from __future__ import annotations

from pathlib import Path

import pyrage
import pytest

from console.errors import ExplainedError
from ops.media import restoring
from ops.media.folder import IntoFolder
from ops.media.restoring import IntoBucket, carry_out, plan
from tests.support.media_fakes import FakeBucket
from tests.unit.ops.media import runs
from tests.unit.ops.media.runs import IDENTITY, Runs


def put_back(made: Runs, where: restoring.Where, *, only_missing: bool = False) -> restoring.Restored:
    """The newest copy."""
    newest = made.shelf.newest()
    assert newest
    return carry_out(plan(newest.entries(), where, only_missing=only_missing), where, made.store, [IDENTITY])


def test_what_is_missing_or_different_comes_back() -> None:
    """What is there as it was is not touched, and what came since stays."""
    made = runs.of({"a": b"1", "b": b"2", "c": b"3"})
    made.bucket.keep("d", b"4", ContentType="text/plain", Metadata={"by": "me"})
    made.run()
    for key in ("a", "d"):
        del made.bucket.files[key]
    made.bucket.keep("b", b"overwritten")
    made.bucket.keep("new", b"since")
    puts = made.bucket.puts

    done = put_back(made, IntoBucket(made.bucket))

    assert {key: content for key, (content, _, _) in made.bucket.files.items()} == {
        "a": b"1", "b": b"2", "c": b"3", "d": b"4", "new": b"since",
    }  # fmt: skip
    assert (done.files, made.bucket.puts - puts) == (3, 3)
    assert made.bucket.files["d"][2]["ContentType"] == "text/plain"
    assert made.bucket.files["d"][2]["Metadata"]["by"] == "me"


def test_a_second_restore_finds_nothing_to_do() -> None:
    """What was put back has another ETag, and is known by its hash."""
    made = runs.of({"a": b"1", "b": b"2"})
    made.run()
    made.bucket.files.clear()
    put_back(made, IntoBucket(made.bucket))
    made.bucket.reads.clear()

    done = put_back(made, IntoBucket(made.bucket))

    assert (done.files, made.bucket.reads) == (0, [])


def test_the_same_bytes_with_another_etag_are_no_difference() -> None:
    """Who has uploaded them again has changed nothing."""
    made = runs.of({"a": b"1", "b": b"2"})
    made.run()
    made.bucket.keep("a", b"1")
    made.bucket.keep("b", b"3")
    newest = made.shelf.newest()
    assert newest

    found = plan(newest.entries(), IntoBucket(made.bucket))

    assert (found.counts["same"], found.examples) == (1, [("different", "b")])


def test_files_that_are_there_can_be_left() -> None:
    """Whatever they are."""
    made = runs.of({"a": b"1", "b": b"2"})
    made.run()
    made.bucket.keep("a", b"newer")
    del made.bucket.files["b"]

    done = put_back(made, IntoBucket(made.bucket), only_missing=True)

    assert done.files == 1
    assert made.bucket.files["a"][0] == b"newer"


def test_a_damaged_file_is_not_put_back_and_the_others_are() -> None:
    """Flipped, cut, gone, or the bytes of another one."""
    made = runs.of({key: key.encode() * 50 for key in "abcde"})
    found = runs.by_key(made.run())
    kept = {key: made.store.kept[entry.place] for key, entry in found.items()}
    made.store.kept[found["a"].place] = kept["a"][:-5] + bytes([kept["a"][-5] ^ 1]) + kept["a"][-4:]
    made.store.kept[found["b"].place] = kept["b"][: len(kept["b"]) // 2]
    made.store.kept[found["c"].place] = kept["d"]
    del made.store.kept[found["e"].place]
    made.bucket.files.clear()

    done = put_back(made, IntoBucket(made.bucket))

    assert list(made.bucket.files) == ["d"]
    assert (done.files, done.failures) == (1, 4)
    assert [line.partition(":")[0] for line in done.failed] == ["a", "b", "c", "e"]


def test_another_key_opens_nothing() -> None:
    """And says so."""
    made = runs.of({"a": b"1"})
    run = made.run()
    made.bucket.files.clear()
    where = IntoBucket(made.bucket)

    done = carry_out(plan(run.entries(), where), where, made.store, [pyrage.x25519.Identity.generate()])

    assert done.failures == 1
    assert "No matching keys found" in done.failed[0]


def test_a_large_file_streams_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its hash is known before its last byte is given."""
    monkeypatch.setattr(restoring, "SMALL", 10)
    made = runs.of({"a": b"x" * 500_000, "b": b"small"})
    made.run()
    empty = FakeBucket()

    assert put_back(made, IntoBucket(empty)).files == 2
    assert empty.files["a"][0] == b"x" * 500_000


def test_a_folder_gets_the_files_under_their_keys(tmp_path: Path) -> None:
    """And a second time nothing."""
    made = runs.of({"a/b/c.txt": b"1", "ü.png": b"2"})
    made.run()
    where = IntoFolder(tmp_path)

    assert put_back(made, where).files == 2
    assert (tmp_path / "a/b/c.txt").read_bytes() == b"1"
    assert put_back(made, where).files == 0
    (tmp_path / "ü.png").write_bytes(b"x")
    assert put_back(made, where).files == 1
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["c.txt", "ü.png"]


@pytest.mark.parametrize("key", ["../out", "/etc/out", "a/../../out", "a//b", "./a", "a/", ".."])
def test_no_key_leads_out_of_the_folder(tmp_path: Path, key: str) -> None:
    """Neither do two keys meet in one file."""
    made = runs.of({key: b"1"})
    made.run()

    done = put_back(made, IntoFolder(tmp_path / "in"))

    assert done.failures == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    """One that lies there already."""
    made = runs.of({"link/a": b"1"})
    made.run()
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in/link").symlink_to(tmp_path / "out")

    done = put_back(made, IntoFolder(tmp_path / "in"))

    assert done.failed == ["link/a: refused to restore link/a: a link leads out of the folder"]
    assert list((tmp_path / "out").iterdir()) == []


def test_bytes_that_are_not_those_copied_end_in_an_error() -> None:
    """Before the last of them is given."""
    made = runs.of({"a": b"12"})
    [entry] = made.run().entries()
    given = []

    with pytest.raises(ExplainedError, match="the copy of it is not what its inventory says"):
        given += list(restoring.verified(entry, iter([b"1", b"3"])))
    assert given == []
