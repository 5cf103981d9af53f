"""How a check run is made and changed: by the API, and by what runs workflows."""

from __future__ import annotations

from typing import Any

from localcloud.github.checks.model import CheckRun, CheckSuite
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, now


def create(github: GitHub, repository: Repository, suite: CheckSuite, name: str, **fields: Any) -> CheckRun:
    """A check run in that suite; a conclusion makes it completed."""
    number = github.number("check run")
    made = CheckRun(
        id=str(number),
        repository=repository.id,
        number=number,
        suite=suite.number,
        name=name,
        head_sha=suite.head_sha,
    )
    return change(github, github.store.put(made), **fields)


def change(github: GitHub, run: CheckRun, **fields: Any) -> CheckRun:
    """Change it as GitHub does: what has a conclusion is completed, what is under way has begun."""
    known = {name: value for name, value in fields.items() if value is not None}
    if known.get("conclusion"):
        known |= {"status": "completed", "completed_at": known.get("completed_at", now())}
    if known.get("status") in {"in_progress", "completed"} and run.started_at is None:
        known.setdefault("started_at", now())
    return github.store.change(run, **known)
