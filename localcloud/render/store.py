"""What the local Render knows, kept in one SQLite file so that it survives a restart and a kill.

Records are plain dictionaries by kind and id. All of them are in memory; each change is written through before the
request that made it is answered. Only the API's event loop touches the store.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class Store:
    """All records by kind, oldest first."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS records"
            " (kind TEXT, id TEXT, sequence INTEGER, body TEXT, PRIMARY KEY (kind, id))"
        )
        self._records: dict[str, dict[str, Record]] = {}
        self._sequence: dict[tuple[str, str], int] = {}
        rows = self._database.execute("SELECT kind, id, sequence, body FROM records ORDER BY sequence")
        for kind, key, sequence, body in rows:
            self._records.setdefault(kind, {})[key] = json.loads(body)
            self._sequence[kind, key] = sequence
        self._next = itertools.count(max(self._sequence.values(), default=0) + 1)

    def put(self, kind: str, record: Record) -> Record:
        """Keep a record under its id, new or changed."""
        key = record["id"]
        sequence = self._sequence.get((kind, key)) or next(self._next)
        self._database.execute(
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", (kind, key, sequence, json.dumps(record))
        )
        self._sequence[kind, key] = sequence
        self._records.setdefault(kind, {})[key] = record
        return record

    def get(self, kind: str, key: str) -> Record | None:
        """The record itself, not a copy: change it, then `put` it."""
        return self._records.get(kind, {}).get(key)

    def all(self, kind: str, where: Callable[[Record], bool] | None = None) -> list[Record]:
        """The records of a kind that match, oldest first."""
        return [record for record in self._records.get(kind, {}).values() if where is None or where(record)]

    def sequence(self, kind: str, key: str) -> int:
        """The place of a record in the order of creation; cursors point to it."""
        return self._sequence.get((kind, key), 0)

    def remove(self, kind: str, key: str) -> None:
        """Forget a record; one that is not there is fine."""
        self._database.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind, key))
        self._records.get(kind, {}).pop(key, None)
        self._sequence.pop((kind, key), None)

    def close(self) -> None:
        """Write everything out and release the file."""
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._database.close()
