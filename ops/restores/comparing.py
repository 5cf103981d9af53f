"""What a restored database holds, read from when its rows are there: its indexes are built meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

from ops.backups import contents
from ops.doors import postgres_contents
from ops.doors.postgres_contents import Sums


@dataclass
class Reading:
    """Of one database, in which nobody else writes."""

    url: str
    jobs: int
    _pool: ThreadPoolExecutor
    _stop: Event = field(default_factory=Event)
    _rows: Future[Sums] | None = None

    def begin(self) -> None:
        """All rows are there. What is still to come reads or orders them, and changes none."""
        self._rows = self._pool.submit(postgres_contents.rows, self.url, self._stop, jobs=self.jobs)

    def contents(self) -> contents.Contents:
        """All of it, once nothing is to come any more."""
        return contents.read(self.url, jobs=self.jobs, known=self._rows.result() if self._rows else None)

    def end(self) -> None:
        """Nobody waits for it any more."""
        self._stop.set()


@contextmanager
def reading(url: str, jobs: int) -> Iterator[Reading]:
    """What fails meanwhile ends it, too."""
    with ThreadPoolExecutor(1, thread_name_prefix="reading") as pool:
        one = Reading(url, jobs, pool)
        try:
            yield one
        finally:
            one.end()
