"""The runs and their jobs in the store, and how they change: under the lock, and told to who waits for a change."""

from __future__ import annotations

import threading
from typing import Any

from localcloud.github.runs.model import JobRun, Run
from localcloud.github.store import GitHub, now
from localcloud.machine.paths import folder

FIRST = 10_000  # a run's number is told from an issue's at a glance


class Kept:
    """Everything that is known of runs."""

    def __init__(self, github: GitHub) -> None:
        self.github = github
        self.changed = threading.Condition(github.lock)

    def run(self, key: str) -> Run:
        """As it is by now."""
        with self.changed:
            return self.github.store.find(Run, key)

    def job(self, key: str) -> JobRun:
        """As it is by now."""
        with self.changed:
            return self.github.store.find(JobRun, key)

    def runs(self) -> list[Run]:
        """All of them, oldest first."""
        with self.changed:
            return self.github.store.all(Run)

    def jobs(self, run: str) -> list[JobRun]:
        """Those of a run, in the order of its file."""
        with self.changed:
            return self.github.store.all(JobRun, lambda job: job.run == run)

    def add(self, **fields: Any) -> Run:
        """A new run."""
        with self.changed:
            number = self.github.number(f"run of {fields['file']}")
            at = now()
            key = str(FIRST + self.github.number("run"))
            run = Run(id=key, number=number, created_at=at, started_at=at, updated_at=at, **fields)
            return self.github.store.put(run)

    def add_job(self, **fields: Any) -> JobRun:
        """A job of it."""
        with self.changed:
            return self.github.store.put(JobRun(id=str(FIRST + self.github.number("job")), **fields))

    def change(self, run: Run, **fields: Any) -> Run:
        """The run with these fields."""
        with self.changed:
            changed = self.github.store.change(run, **fields, updated_at=now())
            self.changed.notify_all()
            return changed

    def change_job(self, job: JobRun, **fields: Any) -> JobRun:
        """The job with these fields."""
        with self.changed:
            changed = self.github.store.change(job, **fields)
            self.changed.notify_all()
            return changed


def log_of(job: JobRun) -> Any:
    """Where act writes while it runs that job."""
    return folder("github", "runs", job.run, f"{job.id}-{job.attempt}") / "log.json"
