"""The runs of workflows, asked of the GitHub of this machine as any client asks it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from console.errors import ExplainedError
from localcloud.github.repositories.declared import declared
from localcloud.github.users.model import person
from localcloud.machine.paths import folder
from localcloud.machine.ports import HOST, port

LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Line:
    """One line of a job's log."""

    job: str
    text: str


class Runs:
    """As this machine's person."""

    def __init__(self) -> None:
        said = declared()
        self._repository = f"/repos/{said.owner}/{said.name}/actions"
        self._token = (folder("github", "tokens") / person()).read_text()

    def switch(self, *, on: bool) -> None:
        """Whether pushes and pull requests start runs."""
        self._ask("PUT", "/_local/runs", {"on": on})

    @property
    def on(self) -> bool:
        """Whether they do."""
        return bool(self._ask("GET", "/_local/runs")["on"])

    def all(self) -> list[dict[str, Any]]:
        """Newest first."""
        return list(self._ask("GET", f"{self._repository}/runs?per_page=30")["workflow_runs"])

    def run(self, number: int) -> dict[str, Any]:
        """One of them."""
        return dict(self._ask("GET", f"{self._repository}/runs/{number}"))

    def jobs(self, number: int) -> list[dict[str, Any]]:
        """Its jobs."""
        return list(self._ask("GET", f"{self._repository}/runs/{number}/jobs?per_page=100")["jobs"])

    def log(self, job: int) -> list[str]:
        """What a job has written so far."""
        return str(self._ask("GET", f"{self._repository}/jobs/{job}/logs")).splitlines()

    def cancel(self, number: int) -> None:
        """Ask for its end."""
        self._ask("POST", f"{self._repository}/runs/{number}/cancel")

    def rerun(self, number: int) -> None:
        """Run again what did not succeed."""
        failed = self.run(number)["conclusion"] != "success"
        self._ask("POST", f"{self._repository}/runs/{number}/{'rerun-failed-jobs' if failed else 'rerun'}")

    def approve(self, number: int) -> list[str]:
        """Let it into every environment that it waits for; their names."""
        path = f"{self._repository}/runs/{number}/pending_deployments"
        waiting = [one["environment"] for one in self._ask("GET", path)]
        if waiting:
            ids = [one["id"] for one in waiting]
            self._ask("POST", path, {"environment_ids": ids, "state": "approved", "comment": ""})
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

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://{HOST}:{port('github')}{path}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": f"Bearer {self._token}", "User-Agent": "slipway"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
                said = answer.read()
                kind = answer.headers.get("Content-Type", "")
        except urllib.error.HTTPError as error:
            with error:
                said = error.read().decode(errors="replace")
            why = json.loads(said).get("message", said) if said.startswith("{") else said
            raise ExplainedError("the local GitHub refuses", why, hint="./slipway local runs") from error
        except OSError as error:
            raise ExplainedError(
                "cannot ask the local GitHub", str(error), hint="./slipway local logs github"
            ) from error
        if not said:
            return None
        return json.loads(said) if "json" in kind else said.decode(errors="replace")
