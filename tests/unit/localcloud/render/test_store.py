"""The store keeps records over a restart, in order."""

from __future__ import annotations

from pathlib import Path

from localcloud.render.store import Store


def test_records_come_back_in_the_order_of_creation(tmp_path: Path) -> None:
    """A change keeps a record's place; a removed one is gone; what was not closed is there all the same."""
    path = tmp_path / "api.sqlite"
    store = Store(path)
    for key in ("a", "b", "c"):
        store.put("thing", {"id": key, "size": 1})
    store.put("thing", {"id": "a", "size": 2})
    store.remove("thing", "b")
    store.remove("thing", "b")

    again = Store(path)
    again.put("thing", {"id": "d", "size": 1})

    assert again.all("thing") == [{"id": "a", "size": 2}, {"id": "c", "size": 1}, {"id": "d", "size": 1}]
    assert again.sequence("thing", "a") < again.sequence("thing", "c") < again.sequence("thing", "d")
    assert again.all("thing", lambda record: bool(record["size"] == 2)) == [{"id": "a", "size": 2}]
    assert again.get("thing", "b") is None
    assert again.all("nothing") == []
