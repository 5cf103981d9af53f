"""What a drill found: each step with its time, what was restored, who opened it, and how long it took to serve."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

PASSED: Literal["passed"] = "passed"
FAILED: Literal["failed"] = "failed"
SKIPPED: Literal["skipped"] = "skipped"
Outcome = Literal["passed", "failed", "skipped"]
Who = Literal["operational", "recovery"]


class Closed(BaseModel):
    """A report says this, and nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Step(Closed):
    """One thing that a drill does."""

    name: str
    title: str
    outcome: Outcome
    seconds: float = 0
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Backup(Closed):
    """The backup that was restored."""

    id: str
    snapshot: AwareDatetime
    """When its data is of."""
    size: int
    """Bytes as they are stored."""
    tables: int
    rows: int


class Opened(Closed):
    """The key that opened it: the environment's own, or that of somebody outside."""

    by: Who
    recipient: str


class Ran(Closed):
    """The release that the manifest names, and the one that really ran on the data."""

    wanted: str | None
    ran: str
    same: bool
    why: str = ""
    """Why another one had to do."""

    @property
    def aside(self) -> str:
        """Where another one ran: instead of which, and why."""
        if self.same:
            return ""
        return f" instead of {self.wanted}: {self.why}" if self.wanted else f": {self.why}"


class Report(Closed):
    """One drill. A time that is None was not reached."""

    format: Literal[1] = 1
    id: str
    environment: str
    started: AwareDatetime
    seconds: float
    backup: Backup | None = None
    opened: Opened | None = None
    release: Ran | None = None
    server: str = ""
    """The scratch server's version."""
    rto_seconds: float | None = None
    """From the start of the restore until the application was healthy; the checks between are not in it."""
    rpo_seconds: float | None = None
    """How old the data was when the drill began."""
    steps: tuple[Step, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was found, and all was looked at."""
        return all(step.outcome == PASSED for step in self.steps)

    @property
    def findings(self) -> list[str]:
        """All of them, each with its step."""
        return [f"{step.name}: {what}" for step in self.steps for what in step.findings]

    def step(self, name: str) -> Step:
        """The one of that name."""
        return next(one for one in self.steps if one.name == name)

    def restore_seconds(self) -> float | None:
        """How long the restore alone took."""
        return next((one.seconds for one in self.steps if one.name == "restore" and one.outcome == PASSED), None)


def duration(seconds: float | None) -> str:
    """For people: 4.2 s, 3 min 20 s, 5 h 2 min, 3 d 4 h."""
    if seconds is None:
        return "not reached"
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
    first = next(place for place, (size, _) in enumerate(units) if whole >= size)
    return " ".join(_parts(whole, units[first : first + 2]))


def _parts(whole: int, units: list[tuple[int, str]]) -> Iterator[str]:
    for size, name in units:
        count, whole = divmod(whole, size)
        if count:
            yield f"{count} {name}"


def when(moment: datetime) -> str:
    """For people, in UTC as it was recorded."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
