"""What the database names against what the copy has."""

from __future__ import annotations

from collections.abc import Iterator

from ops.media.inventory import Column
from ops.media.named import check
from tests.unit.ops.media import runs

NAMED = {"exams_paper.scan": ["a", "b", "ü"], "people.photo": ["me.png", "you.png"]}


def names(url: str, table: str, column: str) -> Iterator[str]:
    """Of a database with two columns."""
    assert url == "postgresql://here"
    yield from NAMED[f"{table}.{column}"]


def test_what_is_named_and_not_there_is_told_by_column() -> None:
    """In front of a name stands the folder of its storage."""
    made = runs.of({"a": b"1", "z": b"2", "private/me.png": b"3"})
    made.columns = (Column("exams_paper", "scan"), Column("people", "photo", "private/"))

    found = check("postgresql://here", made.run(), names=names)

    assert found.checked == 5
    assert found.counts == {"exams_paper.scan": 2, "people.photo": 1}
    assert found.examples == {"exams_paper.scan": ["b", "ü"], "people.photo": ["private/you.png"]}
    assert found.sentences() == [
        "exams_paper.scan names 2 files that the copy does not have, such as b",
        "people.photo names 1 files that the copy does not have, such as private/you.png",
    ]


def test_what_was_uploaded_since_is_not_missing() -> None:
    """The database is ahead of a copy that has just been made."""
    made = runs.of({"a": b"1", "b": b"2"})
    run = made.run()

    found = check(
        "postgresql://here", run, [Column("exams_paper", "scan")], names=names, is_new=lambda key: key == "ü"
    )

    assert (found.count, found.sentences()) == (0, [])


def test_a_copy_without_columns_asks_nothing() -> None:
    """An application without uploads."""
    found = check("postgresql://here", runs.of({}).run(), names=names)

    assert (found.checked, found.count) == (0, 0)
