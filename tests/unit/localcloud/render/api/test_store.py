"""The store keeps records over a restart, in order, and refuses a file that it cannot read."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import ValidationError

from console.errors import ExplainedError
from localcloud.render.api.errors import ApiError
from localcloud.render.api.store import FORMAT, Record, Store


class Thing(Record):
    """Something to keep."""

    kind: ClassVar = "thing"

    size: int
    colour: str = "red"


class Nothing(Record):
    """Something that nobody keeps."""

    kind: ClassVar = "nothing"


def test_records_come_back_in_the_order_of_creation(tmp_path: Path) -> None:
    """A change keeps a record's place; a removed one is gone; what was not closed is there all the same."""
    path = tmp_path / "api.sqlite"
    store = Store(path)
    first, second, third = (store.put(Thing(id=key, size=1)) for key in ("a", "b", "c"))
    store.change(first, size=2)
    store.remove(second)
    store.remove(second)

    again = Store(path)
    again.put(Thing(id="d", size=1))

    assert again.all(Thing) == [Thing(id="a", size=2), third, Thing(id="d", size=1)]
    places = [place for place, _ in again.numbered(Thing)]
    assert places == sorted(set(places))
    assert again.all(Thing, lambda thing: thing.size == 2) == [Thing(id="a", size=2)]
    assert again.get(Thing, "b") is None
    assert again.all(Nothing) == []


def test_a_change_is_made_to_the_record_as_it_is_by_now(tmp_path: Path) -> None:
    """Who changes one field of an old copy takes nothing back that was changed meanwhile."""
    store = Store(tmp_path / "api.sqlite")
    copy = store.put(Thing(id="a", size=1))
    store.change(copy, colour="blue")

    changed = store.change(copy, size=2)

    assert changed == store.get(Thing, "a") == Thing(id="a", size=2, colour="blue")


def test_a_removed_record_stays_removed(tmp_path: Path) -> None:
    """A late change is told to its caller and kept nowhere."""
    store = Store(tmp_path / "api.sqlite")
    thing = store.put(Thing(id="a", size=1))
    store.remove(thing)

    late = store.change(thing, size=2)

    assert late.size == 2
    assert store.all(Thing) == []
    with pytest.raises(ApiError, match="not found: a"):
        store.find(Thing, "a")


@pytest.mark.parametrize("fields", [{"length": 1}, {"size": "large"}])
def test_a_record_holds_only_what_its_kind_says(tmp_path: Path, fields: dict[str, object]) -> None:
    """A field that there is not, or a value of another type, is refused before it is kept."""
    store = Store(tmp_path / "api.sqlite")
    thing = store.put(Thing(id="a", size=1))

    with pytest.raises(ValidationError):
        store.change(thing, **fields)

    assert store.get(Thing, "a") == thing


@pytest.mark.parametrize("number", [0, FORMAT - 1, FORMAT + 1])
def test_a_file_of_another_format_is_refused_and_left_alone(tmp_path: Path, number: int) -> None:
    """The error names the file, both formats and the command that begins anew; nothing in the file changes."""
    path = tmp_path / "api.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE records (kind TEXT, id TEXT, sequence INTEGER, body TEXT)")
        database.execute("""INSERT INTO records VALUES ('project', 'prj-1', 1, '{"id": "prj-1"}')""")
        database.execute(f"PRAGMA user_version={number}")
    before = path.read_bytes()

    with pytest.raises(ExplainedError) as refused:
        Store(path)

    assert f"cannot read {path}: another version" in str(refused.value)
    assert f"(format {number}, and this one reads {FORMAT})" in str(refused.value)
    assert "\n\nhint: ./slipway local reset" in str(refused.value)
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["api.sqlite"]
