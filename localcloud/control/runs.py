"""The runs of workflows, asked of the GitHub of this machine as any client asks it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from console.errors import WRONG_USE, ExplainedError
from localcloud.control.github import LocalGitHub

LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Line:
    """One line of a job's log."""

    job: str
    """With its workflow before it: `deploy / up`."""
    at: str
    """When it was written, as GitHub writes a moment; empty for what we say ourselves."""
    text: str


class Runs:
    """As this machine's person, or somebody else who is named."""

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

    def chosen(self, number: int | None, *, of_its_commit: bool = False) -> list[int]:
        """That one, or without a number the newest; on demand with those that the same push has started."""
        if number is not None:
            return [number]
        found = self.all()
        if not found:
            hint = None if self.on else "./slipway local runs --on, and push"
            raise ExplainedError("there was no run yet", hint=hint, code=WRONG_USE)
        newest = found[0]
        same = [
            run for run in found if all(run[name] == newest[name] for name in ("head_sha", "head_branch", "event"))
        ]
        return sorted(run["id"] for run in same) if of_its_commit else [newest["id"]]

    def run(self, number: int) -> dict[str, Any]:
        """One of them."""
        return dict(self._github.of_repository("GET", f"/actions/runs/{number}"))

    def jobs(self, number: int) -> list[dict[str, Any]]:
        """Its jobs."""
        return list(self._github.of_repository("GET", f"/actions/runs/{number}/jobs?per_page=100")["jobs"])

    def log(self, job: int) -> list[str]:
        """What a job has written so far."""
        return str(self._github.of_repository("GET", f"/actions/jobs/{job}/logs")).splitlines()

    def begin(self, workflow: str, branch: str, inputs: Sequence[str]) -> int:
        """Start one by hand, as `workflow_dispatch`; each input is `name=value`."""
        wrong = [word for word in inputs if "=" not in word]
        if wrong:
            raise ExplainedError("wrong words", f"--input wants name=value, not {wrong[0]}", code=WRONG_USE)
        body = {"ref": branch, "inputs": dict(word.split("=", 1) for word in inputs)}
        made = self._github.of_repository("POST", f"/actions/workflows/{workflow}/dispatches", body)
        return int(made["workflow_run_id"])

    def cancel(self, number: int) -> None:
        """Ask for its end."""
        self._github.of_repository("POST", f"/actions/runs/{number}/cancel")

    def rerun(self, number: int) -> None:
        """Run again what did not succeed."""
        failed = self.run(number)["conclusion"] != "success"
        self._github.of_repository("POST", f"/actions/runs/{number}/{'rerun-failed-jobs' if failed else 'rerun'}")

    def review(self, number: int, state: Literal["approved", "rejected"], comment: str) -> list[str]:
        """Say that of every environment that it waits for; their names."""
        path = f"/actions/runs/{number}/pending_deployments"
        waiting = [one["environment"] for one in self._github.of_repository("GET", path)]
        if not waiting:
            raise ExplainedError(f"run {number} waits for nobody", hint=f"./slipway local runs {number}")
        ids = [one["id"] for one in waiting]
        self._github.of_repository("POST", path, {"environment_ids": ids, "state": state, "comment": comment})
        return [str(one["name"]) for one in waiting]

    def follow(self, numbers: Sequence[int]) -> Iterator[Line]:
        """Each new line of each job, until all of these runs are over; whoever is waited for is told once."""
        told: dict[int, int] = {}
        waits: set[int] = set()
        while True:
            runs = [self.run(number) for number in numbers]
            for run in runs:
                for job in self.jobs(run["id"]):
                    name = f"{run['name']} / {job['name']}"
                    lines = self.log(job["id"])
                    for line in lines[told.get(job["id"], 0) :]:
                        at, _, text = line.partition(" ")
                        yield Line(name, at, text)
                    told[job["id"]] = len(lines)
                    if job["status"] == "waiting" and job["id"] not in waits:
                        waits.add(job["id"])
                        yield Line(name, "", f"waits for {job['_local']['waits_for']}: {self.way_on(run['id'])}")
            if all(run["status"] == "completed" for run in runs):
                return
            time.sleep(LOOK_SECONDS)

    @staticmethod
    def way_on(number: int) -> str:
        """What lets a run go on that waits."""
        return f"./slipway local runs {number} --approve --as NAME"
