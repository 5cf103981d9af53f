"""The drill, told from the newest backup to the application that serves from it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from console.output import Say, counted, sized
from ops.backups.jobs import usual_jobs
from ops.doors.postgres import Scratch
from ops.drills import constraints, indexes, released, sequences
from ops.drills.book import Book, Task, Told
from ops.drills.means import Candidate, Means, Opener
from ops.drills.report import Backup, Report, duration
from ops.drills.signature import Signed, sign

RESTORED = ("restore",)


@dataclass
class Drill:
    """One run. What a step has brought about, the later ones use."""

    means: Means
    environment: str
    id: str
    now: Callable[[], datetime]
    clock: Callable[[], float]
    say: Say
    manifest: Any = None
    taken: Backup | None = None
    opener: Opener | None = None
    server: Scratch | None = None
    candidate: Candidate | None = None
    url: str = ""
    fresh: released.Fresh | None = None
    healthy_seconds: float | None = None
    ends: ExitStack = field(default_factory=ExitStack)
    started: datetime = field(init=False)

    def run(self, wanted: str = "") -> Signed:
        """All steps. Whatever fails is a finding, and the report is signed where a key was had."""
        self.started, began = self.now(), self.clock()
        book = Book(self.clock, self.say)
        with self.ends:
            self._story(book, wanted)
        report = self._report(book, round(self.clock() - began, 3))
        return sign(report, self.opener.identity) if self.opener else Signed(report=report)

    def _story(self, book: Book, wanted: str) -> None:
        book.go("backup", "choose the backup", lambda: self._choose(wanted))
        # The server is this thread's: it ends with the one that has started it.
        with book.beside(Task("key", "open it", self._open, ("backup",))) as opened:
            book.go("server", "start a scratch PostgreSQL of its version", self._serve, needs=["backup"])
            opened()
        get_ready = Task("release", "make ready the release that it is of", self._make_ready, ("server",))
        with book.beside(get_ready) as ready:
            book.go("restore", "restore it there", self._restore, needs=["key", "server"])
            book.side_by_side(
                [
                    Task("contents", "compare every table with the manifest", self._compare, RESTORED),
                    # amcheck is an extension, which the comparison must not come upon
                    Task("indexes", "walk the indexes", self._indexes, RESTORED),
                ],
                [Task("sequences", "compare sequences with their columns", self._sequences, RESTORED)],
                [Task("constraints", "ask the constraints again", self._constraints, RESTORED)],
                [Task("media", "look for every file that it names", self._media, RESTORED)],
            )
            ready()
        book.go("migrations", "compare with the release's migrations", self._migrations, needs=["restore", "release"])
        book.go("boot", "start the release on it, and use it", self._boot, needs=["restore", "release"])

    def _choose(self, wanted: str) -> Told:
        self.manifest, passed_by = self.means.backup(wanted)
        self.taken = taken = self._backup()
        return Told(
            passed_by,
            notes=[
                (
                    f"{taken.id} has {counted(taken.tables, 'table')} with {taken.rows} rows in {sized(taken.size)}, "
                    f"and is {duration(self._age())} old"
                )
            ],
        )

    def _open(self) -> Told:
        opener = self.means.opener(self.manifest)
        self.opener = opener
        return Told(notes=[f"the {opener.opened.by} key {opener.opened.recipient} opens it"])

    def _serve(self) -> Told:
        version = str(self.manifest.server_major)
        self.server = self.ends.enter_context(self.means.scratch(version))
        return Told(notes=[f"PostgreSQL {version}"])

    def _restore(self) -> Told:
        assert self.opener is not None  # noqa: S101 - the step needs that one
        assert self.server is not None  # noqa: S101 - likewise
        self.url = self.means.restore(self.manifest, self.opener, self.server)
        ((bytes_,),) = self.means.rows(self.url, "SELECT pg_database_size(current_database())")
        return Told(notes=[f"{sized(bytes_)} in the database"])

    def _compare(self) -> Told:
        return Told(self.means.differences(self.manifest, self.url))

    def _sequences(self) -> Told:
        return Told(sequences.behind(self.means.rows, self.url))

    def _constraints(self) -> Told:
        rows = self.means.rows
        found = constraints.unchecked(rows, self.url) + constraints.silenced(rows, self.url)
        return Told([*found, *constraints.broken(rows, self.url, jobs=usual_jobs())])

    def _media(self) -> Told:
        return self.means.media(self.manifest, self.url)

    def _indexes(self) -> Told:
        looked = indexes.unfit(self.means.rows, self.url, self.means.refused, jobs=usual_jobs())
        return Told([*indexes.unused(self.means.rows, self.url), *looked.findings], looked.notes)

    def _make_ready(self) -> Told:
        assert self.server is not None  # noqa: S101 - the step needs that one
        self.candidate = self.ends.enter_context(self.means.candidate(self.manifest))
        self.fresh = released.make(self.candidate.django, self.server, self.means.rows)
        ran = self.candidate.ran
        return Told(notes=[f"{ran.ran} runs{ran.aside}"])

    def _migrations(self) -> Told:
        assert self.fresh is not None  # noqa: S101 - the step needs that one
        return Told(released.differences(self.fresh, self.means.rows, self.url))

    def _boot(self) -> Told:
        assert self.candidate is not None  # noqa: S101 - the step needs that one
        used = released.use(self.candidate, self.url, self.clock)
        self.healthy_seconds = used.healthy_seconds
        return Told(used.findings, used.notes)

    def _report(self, book: Book, seconds: float) -> Report:
        so_far = Report(
            id=self.id,
            environment=self.environment,
            started=self.started,
            seconds=seconds,
            backup=self.taken,
            opened=self.opener.opened if self.opener else None,
            release=self.candidate.ran if self.candidate else None,
            server=str(self.manifest.server_major) if self.manifest else "",
            rpo_seconds=self._age() if self.manifest else None,
            steps=tuple(book.steps),
        )
        restore = so_far.restore_seconds()
        reached = restore is not None and self.healthy_seconds is not None
        rto = round((restore or 0) + (self.healthy_seconds or 0), 3) if reached else None
        return so_far.model_copy(update={"rto_seconds": rto})

    def _backup(self) -> Backup:
        tables = self.manifest.contents.get("tables", {})
        return Backup(
            id=self.manifest.id,
            snapshot=self.manifest.started,
            size=self.manifest.size,
            tables=len(tables),
            rows=sum(int(one["rows"] or 0) for one in tables.values()),
        )

    def _age(self) -> float:
        return round(float((self.started - self.manifest.started).total_seconds()), 3)
