"""A drill without a server: its means are what a test says, and everything is as it should be unless it says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from infra.application import APPLICATION
from ops.doors.application import Answer, StartError
from ops.drills import indexes, released
from ops.drills.book import Told
from ops.drills.drill import Drill
from ops.drills.means import Candidate, Opener
from ops.drills.report import Backup, Opened, Ran, Report, Step

NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
SNAPSHOT = NOW - timedelta(hours=2)
IDENTITY = "AGE-SECRET-KEY-1INVENTED"
RECIPIENT = "age1invented"
DIGEST = f"sha256:{'a' * 64}"
ID = "20261127T060000Z-0a1b2c"
GOOD = {**APPLICATION.smoke, **APPLICATION.posts, APPLICATION.release: 200}
THE_SAME = Ran(wanted=DIGEST, ran=DIGEST, same=True)


def manifest(**said: Any) -> Any:
    """One of a small database."""
    usual = {
        "id": "20261127T040000Z-c0ffee",
        "started": SNAPSHOT,
        "server_major": 16,
        "size": 12_345,
        "recipients": (RECIPIENT,),
        "release": DIGEST,
        "contents": {"tables": {"public.exams_exam": {"rows": 3, "hash": "1"}}},
    }
    return SimpleNamespace(**usual | said)


@dataclass
class Web:
    """A process that answers."""

    statuses: dict[str, int]

    def get(self, path: str) -> Answer:
        return Answer(path, self.statuses[path], "<p>as it is</p>")

    post = get


@dataclass
class Application:
    """The application's Django."""

    graph: list[dict[str, Any]] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=lambda: dict(GOOD))
    why_not: str = ""

    def ask(self, question: str, database: str = "", **about: Any) -> Any:
        return {"migrations": self.graph, "applied": []}

    @contextmanager
    def serving(self, words: str, database: str, health: str) -> Iterator[Web]:
        if self.why_not:
            raise StartError(self.why_not)
        yield Web(self.statuses)


@dataclass
class FakeMeans:
    """`fails` are the means that raise; `answers` are rows by query."""

    fails: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    passed_by: list[str] = field(default_factory=list)
    application: Application = field(default_factory=Application)
    ran: Ran = THE_SAME

    def rows(self, url: str, query: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        """Nothing is wrong."""
        usual: dict[str, list[tuple[Any, ...]]] = {
            "SELECT pg_database_size(current_database())": [(1_000_000,)],
            indexes.AMCHECK: [(0,)],
            released.HAS_HISTORY: [(True,)],
        }
        return (usual | self.answers).get(query, [])

    def refused(self, url: str, statement: str, parameters: Any = ()) -> str:
        return ""

    def backup(self, wanted: str) -> tuple[Any, list[str]]:
        self._may("backup")
        return manifest(), self.passed_by

    def opener(self, manifest: Any) -> Opener:
        self._may("opener")
        return Opener(Opened(by="operational", recipient=RECIPIENT), IDENTITY, None)

    @contextmanager
    def scratch(self, version: str) -> Iterator[Any]:
        self._may("scratch")
        yield SimpleNamespace(create=lambda name: f"postgresql://scratch/{name}", drop=lambda name: None)

    def restore(self, manifest: Any, opener: Opener, scratch: Any) -> str:
        self._may("restore")
        return "postgresql://scratch/restored"

    def differences(self, manifest: Any, url: str) -> list[str]:
        self._may("differences")
        return self.found

    def media(self, manifest: Any, url: str) -> Told:
        return Told(self.missing)

    @contextmanager
    def candidate(self, manifest: Any) -> Iterator[Candidate]:
        self._may("candidate")
        django: Any = self.application
        yield Candidate(django, APPLICATION, self.ran)

    def _may(self, name: str) -> None:
        if why := self.fails.get(name):
            raise RuntimeError(why)


def ticking(step: float = 0.5) -> Callable[[], float]:
    """A clock that goes on by as much at each look."""
    now = [0.0]

    def clock() -> float:
        now[0] += step
        return now[0]

    return clock


def drill(means: FakeMeans, said: list[str] | None = None) -> Drill:
    """One with these means."""
    heard = [] if said is None else said
    return Drill(means, "staging", ID, lambda: NOW, ticking(), heard.append)


def report(**said: Any) -> Report:
    """One that passed."""
    usual: dict[str, Any] = {
        "id": ID,
        "environment": "staging",
        "started": NOW,
        "seconds": 21.5,
        "backup": Backup(id="20261127T040000Z-c0ffee", snapshot=SNAPSHOT, size=12_345, tables=7, rows=4_321),
        "opened": Opened(by="operational", recipient=RECIPIENT),
        "release": Ran(wanted=DIGEST, ran=DIGEST, same=True),
        "server": "16",
        "rto_seconds": 9.25,
        "rpo_seconds": 7_200.0,
        "steps": (
            Step(name="restore", title="restore it there", outcome="passed", seconds=6),
            Step(name="contents", title="compare every table with the manifest", outcome="passed", seconds=2),
        ),
    }
    return Report(**usual | said)


def failed(*findings: str) -> tuple[Step, ...]:
    """Steps of which one found something."""
    return (
        Step(name="restore", title="restore it there", outcome="passed", seconds=6),
        Step(name="contents", title="compare tables", outcome="failed", seconds=2, findings=findings),
        Step(name="boot", title="start the release", outcome="skipped"),
    )
