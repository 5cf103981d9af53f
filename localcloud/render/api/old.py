"""Records that have no model yet: plain dictionaries by kind, in the same file."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from localcloud.render.api.store import Store

Record = dict[str, Any]


class OldRecords:
    """All of them by kind, oldest first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._records: dict[str, dict[str, Record]] = {}

    def put(self, kind: str, record: Record) -> Record:
        """Keep a record under its id, new or changed."""
        store, place = self._store, (kind, record["id"])
        sequence = store._sequence.get(place) or next(store._next)
        store._database.execute(
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", (*place, sequence, json.dumps(record))
        )
        store._sequence[place] = sequence
        self._of(kind)[record["id"]] = record
        return record

    def get(self, kind: str, key: str) -> Record | None:
        """The record itself, not a copy: change it, then `put` it."""
        return self._of(kind).get(key)

    def all(self, kind: str, where: Callable[[Record], bool] | None = None) -> list[Record]:
        """The records of a kind that match, oldest first."""
        return [record for record in self._of(kind).values() if where is None or where(record)]

    def sequence(self, kind: str, key: str) -> int:
        """The place of a record in the order of creation; cursors point to it."""
        return int(self._store._sequence.get((kind, key), 0))

    def remove(self, kind: str, key: str) -> None:
        """Forget a record; one that is not there is fine."""
        self._store._database.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind, key))
        self._of(kind).pop(key, None)
        self._store._sequence.pop((kind, key), None)

    def _of(self, kind: str) -> dict[str, Record]:
        if kind not in self._records:
            rows = self._store._database.execute(
                "SELECT id, body FROM records WHERE kind = ? ORDER BY sequence", (kind,)
            )
            self._records[kind] = {key: json.loads(body) for key, body in rows}
        return self._records[kind]
