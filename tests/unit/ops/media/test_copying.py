"""An incremental copy: each content once, what is unchanged not read again, and no inventory of what failed."""

from __future__ import annotations

import hashlib

import pyrage
import pytest

from console.errors import ExplainedError
from ops.media import copying
from ops.media.sealing import opened
from tests.unit.ops.media import runs
from tests.unit.ops.media.runs import IDENTITY


def test_a_first_copy_has_every_file_and_its_hash() -> None:
    """Sealed, below its content's hash, with what browsers are told of it."""
    made = runs.of({"b/two.png": b"two" * 9, "a.txt": b"one", "empty": b""})
    made.bucket.keep("ü/ß.pdf", b"%PDF", ContentType="application/pdf")

    entries = runs.by_key(made.run())

    assert list(entries) == ["a.txt", "b/two.png", "empty", "ü/ß.pdf"]
    assert entries["a.txt"].sha256 == hashlib.sha256(b"one").hexdigest()
    assert entries["ü/ß.pdf"].headers == {"ContentType": "application/pdf"}
    kept = made.store.kept[entries["b/two.png"].place]
    assert kept.startswith(b"age-encryption.org/v1")
    assert b"".join(opened(iter([kept]), [IDENTITY])) == b"two" * 9
    assert (made.counts.copied, made.counts.unchanged) == (4, 0)


def test_what_has_not_changed_is_not_read_again() -> None:
    """Neither is it put again."""
    made = runs.of({"a": b"1", "b": b"2"})
    made.run()
    made.bucket.reads.clear()
    made.store.puts.clear()

    inventory = made.run()

    assert made.bucket.reads == []
    assert [place for place in made.store.puts if "/objects/" in place] == []
    assert (inventory.footer.unchanged, inventory.footer.copied) == (2, 0)


def test_new_changed_and_deleted_files_are_told_apart() -> None:
    """What was deleted is in the inventory before, and its bytes stay."""
    made = runs.of({"a": b"1", "b": b"2", "c": b"3", "z": b"26"})
    first = runs.by_key(made.run())
    made.bucket.keep("b", b"two")
    made.bucket.keep("d", b"4")
    del made.bucket.files["a"]
    del made.bucket.files["z"]

    second = runs.by_key(made.run())

    assert list(second) == ["b", "c", "d"]
    assert second["b"].sha256 != first["b"].sha256
    assert {first["a"].place, first["b"].place, first["z"].place} <= set(made.store.kept)
    assert (made.counts.copied, made.counts.unchanged, made.counts.gone) == (2, 1, 2)


def test_the_same_content_is_kept_once() -> None:
    """Under however many keys, and however often it is uploaded."""
    made = runs.of({"a": b"same", "b": b"same"})
    made.run()
    made.bucket.keep("a", b"same")

    entries = runs.by_key(made.run())

    assert entries["a"].place == entries["b"].place
    assert entries["a"].stored == len(made.store.kept[entries["a"].place])
    assert len([place for place in made.store.kept if "/objects/" in place]) == 1


def test_other_recipients_get_everything_anew() -> None:
    """A recovery key that is new today opens what was uploaded long ago."""
    made = runs.of({"a": b"1"})
    made.run()
    other = pyrage.x25519.Identity.generate()
    made.recipients.append(str(other.to_public()))

    entry = runs.by_key(made.run())["a"]

    assert b"".join(opened(made.store.read(entry.place), [other])) == b"1"


def test_a_large_file_is_streamed_and_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read for its hash, then for its bytes; a second one of the same content only for its hash."""
    monkeypatch.setattr(copying, "SMALL", 10)
    content = bytes(range(256)) * 50
    made = runs.of({"large": content, "same": content})

    entries = runs.by_key(made.run())

    assert len(made.bucket.reads) == 3
    assert b"".join(opened(made.store.read(entries["large"].place), [IDENTITY])) == content
    assert entries["same"].stored == entries["large"].stored


def test_a_file_that_changes_while_it_is_read_is_read_as_it_is_then() -> None:
    """One that is deleted meanwhile is left out."""
    made = runs.of({"changes": b"old", "goes": b"x", "stays": b"y"})

    def meanwhile(key: str) -> None:
        made.bucket.on_read = lambda key: None
        made.bucket.keep("changes", b"newer")
        del made.bucket.files["goes"]

    made.bucket.on_read = meanwhile

    entries = runs.by_key(made.run())

    assert list(entries) == ["changes", "stays"]
    assert entries["changes"].size == 5


def test_a_file_that_never_holds_still_fails_the_copy() -> None:
    """With its name."""
    made = runs.of({"log": b"0"})
    made.bucket.on_read = lambda key: made.bucket.keep("log", b"x" * made.bucket.puts)

    with pytest.raises(ExplainedError, match="cannot copy log: it changed 5 times"):
        made.run()


def test_a_copy_that_fails_leaves_the_inventory_before_as_the_newest() -> None:
    """What it had put by then is found by the next one."""
    made = runs.of({"a": b"1"})
    made.run()
    made.bucket.keep("b", b"2")
    made.bucket.keep("c", b"3")
    made.store.refuses = lambda place: place.endswith(hashlib.sha256(b"3").hexdigest())

    with pytest.raises(ExplainedError, match="the disk is full"):
        made.run()

    newest = made.shelf.newest()
    assert newest
    assert list(runs.by_key(newest)) == ["a"]


def test_a_file_that_is_read_short_is_no_copy() -> None:
    """S3 said how long it is."""
    made = runs.of({"a": b"12345678"})
    content, found, headers = made.bucket.files["a"]
    made.bucket.files["a"] = content[:-1], found, headers

    with pytest.raises(ExplainedError, match="7 bytes came of 8"):
        made.run()


def test_a_large_file_that_reads_otherwise_the_second_time_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is in the copy."""
    monkeypatch.setattr(copying, "SMALL", 1)
    made = runs.of({"a": b"12345678"})
    content, found, headers = made.bucket.files["a"]

    def other(key: str) -> None:
        if made.bucket.reads:
            made.bucket.files["a"] = content[::-1], found, headers

    made.bucket.on_read = other

    with pytest.raises(ExplainedError, match="it was read twice, and was not the same"):
        made.run()
    assert made.store.kept == {}
