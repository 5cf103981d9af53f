"""What the local Render knows, kept in one SQLite file so that it survives a restart and a kill.

All records are in memory; each change is written through before the request that made it is answered. Only the API's
event loop touches the store. A file of another format is refused and left as it is.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar, cast

from pydantic import BaseModel, ConfigDict

from console.errors import ExplainedError
from localcloud.render.api.errors import ApiError

FORMAT = 4  # of the records in the file: one more with every change that older files do not fit


class Frozen(BaseModel):
    """A value inside a record."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Record(Frozen):
    """Something that is kept under its id. Each kind is a class; a record changes by `Store.change` alone."""

    kind: ClassVar[str]

    id: str


R = TypeVar("R", bound=Record)


class Store:
    """All records by kind, oldest first."""

    def __init__(self, path: Path, number: int = FORMAT) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._check_format(path, number)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS records"
            " (kind TEXT, id TEXT, sequence INTEGER, body TEXT, PRIMARY KEY (kind, id))"
        )
        self._database.execute(f"PRAGMA user_version={number}")
        self._records: dict[type[Record], dict[str, Record]] = {}
        rows = self._database.execute("SELECT kind, id, sequence FROM records")
        self._sequence = {(kind, key): sequence for kind, key, sequence in rows}
        self._next = itertools.count(max(self._sequence.values(), default=0) + 1)

    def put(self, record: R) -> R:
        """Keep a record under its id, new or changed."""
        place = (record.kind, record.id)
        sequence = self._sequence.get(place) or next(self._next)
        self._database.execute(
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", (*place, sequence, record.model_dump_json())
        )
        self._sequence[place] = sequence
        self._of(type(record))[record.id] = record
        return record

    def change(self, record: R, **fields: Any) -> R:
        """The record as it is by now, with these fields changed. One that was removed meanwhile stays removed."""
        current = self.get(type(record), record.id)
        changed = type(record).model_validate({**dict(current or record), **fields})
        return changed if current is None else self.put(changed)

    def get(self, kind: type[R], key: str) -> R | None:
        """The record of that id."""
        return self._of(kind).get(key)

    def find(self, kind: type[R], key: str) -> R:
        """A record that must exist, or 404."""
        record = self.get(kind, key)
        if record is None:
            raise ApiError(404, f"not found: {key}")
        return record

    def all(self, kind: type[R], where: Callable[[R], bool] | None = None) -> list[R]:
        """The records of a kind that match, oldest first."""
        return [record for record in self._of(kind).values() if where is None or where(record)]

    def numbered(self, kind: type[R], where: Callable[[R], bool] | None = None) -> list[tuple[int, R]]:
        """The same, each with its place in the order of creation: cursors point to it."""
        return [(self._sequence[kind.kind, record.id], record) for record in self.all(kind, where)]

    def remove(self, record: Record) -> None:
        """Forget a record; one that is not there is fine."""
        self._database.execute("DELETE FROM records WHERE kind = ? AND id = ?", (record.kind, record.id))
        self._of(type(record)).pop(record.id, None)
        self._sequence.pop((record.kind, record.id), None)

    def close(self) -> None:
        """Write everything out and release the file."""
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._database.close()

    def _of(self, kind: type[R]) -> dict[str, R]:
        if kind not in self._records:
            rows = self._database.execute(
                "SELECT id, body FROM records WHERE kind = ? ORDER BY sequence", (kind.kind,)
            )
            self._records[kind] = {key: kind.model_validate_json(body) for key, body in rows}
        return cast("dict[str, R]", self._records[kind])

    def _check_format(self, path: Path, number: int) -> None:
        [[found]] = self._database.execute("PRAGMA user_version")
        [[tables]] = self._database.execute("SELECT count(*) FROM sqlite_master")
        if tables and found != number:
            self._database.close()
            raise ExplainedError(
                f"cannot read {path}",
                f"another version of slipway has written it (format {found}, and this one reads {number})",
                hint="./slipway local reset, which forgets all that the local cloud has; or use that version",
            )
