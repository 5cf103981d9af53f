"""A file of `.github/workflows`, as far as the runner has to know it: everything else in it is read by act.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

MINUTES = 360  # that a job may take where it says nothing, as GitHub's
DEFINED = "${{"


class WorkflowError(Exception):
    """A file that cannot be run: GitHub, too, shows it as a failed run."""


@dataclass(frozen=True)
class Concurrency:
    """Who waits for whom; both may hold expressions."""

    group: str
    cancels: bool | str = False


@dataclass(frozen=True)
class Job:
    """One of its jobs."""

    id: str
    body: Mapping[str, Any]

    @property
    def name(self) -> str:
        name = self.body.get("name")
        return str(name) if name and DEFINED not in str(name) else self.id

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(_listed(self.body.get("needs")))

    @property
    def environment(self) -> str:
        """Its name, perhaps an expression; empty where it names none."""
        named = self.body.get("environment") or ""
        return str(named.get("name", "") if isinstance(named, dict) else named)

    @property
    def environment_url(self) -> str:
        named = self.body.get("environment")
        return str(named.get("url", "")) if isinstance(named, dict) else ""

    @property
    def concurrency(self) -> Concurrency | None:
        return concurrency(self.body.get("concurrency"))

    @property
    def calls(self) -> str:
        """The file of the workflow that it calls, from the root of the repository; empty where it has steps."""
        return str(self.body.get("uses", "")).removeprefix("./")

    @property
    def minutes(self) -> float:
        """For as long it may run; an expression is not evaluated."""
        given = self.body.get("timeout-minutes", MINUTES)
        return float(given) if isinstance(given, int | float) else MINUTES


@dataclass(frozen=True)
class Workflow:
    """The file."""

    file: str
    body: Mapping[str, Any]
    triggers: Mapping[str, Mapping[str, Any]]
    jobs: Mapping[str, Job]

    @property
    def name(self) -> str:
        return str(self.body.get("name") or self.file)

    @property
    def concurrency(self) -> Concurrency | None:
        return concurrency(self.body.get("concurrency"))


def read(file: str, text: str) -> Workflow:
    """Read a file; raises `WorkflowError` with what is wrong with it."""
    try:
        body = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise WorkflowError(f"{file}: {' '.join(str(error).split())}") from error
    if not isinstance(body, dict) or not isinstance(body.get("jobs"), dict):
        raise WorkflowError(f"{file}: it has no jobs")
    body["on"] = body.pop(True, body.get("on"))  # YAML 1.1 reads the word `on` as a yes
    jobs = {str(name): Job(str(name), job) for name, job in body["jobs"].items() if isinstance(job, dict)}
    if missing := sorted({need for job in jobs.values() for need in job.needs} - jobs.keys()):
        raise WorkflowError(f"{file}: a job needs {', '.join(missing)}, which is no job of it")
    _refuse_circles(file, jobs)
    return Workflow(file, body, _triggers(body["on"]), jobs)


def concurrency(said: Any) -> Concurrency | None:
    """Written as a group alone, or with what happens to the run before."""
    if not said:
        return None
    if isinstance(said, dict):
        return Concurrency(str(said.get("group", "")), said.get("cancel-in-progress", False))
    return Concurrency(str(said))


def _triggers(said: Any) -> dict[str, Mapping[str, Any]]:
    if isinstance(said, dict):
        return {
            str(event): (of if isinstance(of, dict) else {"list": of} if isinstance(of, list) else {})
            for event, of in said.items()
        }
    return {event: {} for event in _listed(said)}


def _listed(said: Any) -> list[str]:
    if said is None:
        return []
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]


def _refuse_circles(file: str, jobs: Mapping[str, Job]) -> None:
    left = dict(jobs)
    while left:
        ready = [name for name, job in left.items() if not set(job.needs) & left.keys()]
        if not ready:
            raise WorkflowError(f"{file}: {', '.join(sorted(left))} need each other")
        for name in ready:
            del left[name]
