"""The runs of workflows, asked of the GitHub of this machine as any client asks it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from localcloud.control.github import LocalGitHub

LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Line:
    """One line of a job's log."""

    job: str
    text: str


class Runs:
    """As this machine's person."""

    def __init__(self, github: LocalGitHub) -> None:
        self._github = github

    def switch(self, *, on: bool) -> None:
        """Whether pushes and pull requests start runs."""
        self._github.ask("PUT", "/_local/runs", {"on": on})

    @property
    def on(self) -> bool:
        """Whether they do."""
        return bool(self._github.ask("GET", "/_local/runs")["on"])

    def all(self) -> list[dict[str, Any]]:
        """Newest first."""
        return list(self._github.of_repository("GET", "/actions/runs?per_page=30")["workflow_runs"])

    def run(self, number: int) -> dict[str, Any]:
        """One of them."""
        return dict(self._github.of_repository("GET", f"/actions/runs/{number}"))

    def jobs(self, number: int) -> list[dict[str, Any]]:
        """Its jobs."""
        return list(self._github.of_repository("GET", f"/actions/runs/{number}/jobs?per_page=100")["jobs"])

    def log(self, job: int) -> list[str]:
        """What a job has written so far."""
        return str(self._github.of_repository("GET", f"/actions/jobs/{job}/logs")).splitlines()

    def cancel(self, number: int) -> None:
        """Ask for its end."""
        self._github.of_repository("POST", f"/actions/runs/{number}/cancel")

    def rerun(self, number: int) -> None:
        """Run again what did not succeed."""
        failed = self.run(number)["conclusion"] != "success"
        self._github.of_repository("POST", f"/actions/runs/{number}/{'rerun-failed-jobs' if failed else 'rerun'}")

    def approve(self, number: int) -> list[str]:
        """Let it into every environment that it waits for; their names."""
        path = f"/actions/runs/{number}/pending_deployments"
        waiting = [one["environment"] for one in self._github.of_repository("GET", path)]
        if waiting:
            ids = [one["id"] for one in waiting]
            self._github.of_repository("POST", path, {"environment_ids": ids, "state": "approved", "comment": ""})
        return [str(one["name"]) for one in waiting]

    def follow(self, number: int) -> Iterator[Line]:
        """Each new line of each job, until the run is over."""
        told: dict[int, int] = {}
        while True:
            over = self.run(number)["status"] == "completed"
            for job in self.jobs(number):
                lines = self.log(job["id"])
                for line in lines[told.get(job["id"], 0) :]:
                    yield Line(job["name"], line)
                told[job["id"]] = len(lines)
            if over:
                return
            time.sleep(LOOK_SECONDS)
