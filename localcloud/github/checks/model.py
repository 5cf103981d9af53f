"""Check runs, and the suites that they are in: what workflows say of a commit."""

from __future__ import annotations

from typing import ClassVar, Literal

from localcloud.github.repositories.model import Repository
from localcloud.github.store import Frozen, GitHub, Record, now

Progress = Literal["queued", "in_progress", "completed", "waiting", "requested", "pending"]
Conclusion = Literal[
    "success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required", "stale"
]  # fmt: skip
GOOD = {"success", "neutral", "skipped"}


class Output(Frozen):
    """What a check says at length."""

    title: str | None = None
    summary: str | None = None
    text: str | None = None


class CheckSuite(Record):
    """All check runs of one run of a workflow; its id is its number."""

    kind: ClassVar[str] = "check_suite"

    repository: str
    number: int
    head_branch: str | None
    head_sha: str
    created_at: str


class CheckRun(Record):
    """One job, or one thing that a job found out; its id is its number."""

    kind: ClassVar[str] = "check_run"

    repository: str
    number: int
    suite: int
    name: str
    head_sha: str
    status: Progress = "queued"
    conclusion: Conclusion | None = None
    started_at: str | None = None
    completed_at: str | None = None
    external_id: str = ""
    details_url: str = ""
    output: Output = Output()


def new_suite(github: GitHub, repository: Repository, sha: str, branch: str | None) -> CheckSuite:
    """A suite of its own, as every run of a workflow has one."""
    number = github.number("check suite")
    return github.store.put(
        CheckSuite(
            id=str(number),
            repository=repository.id,
            number=number,
            head_branch=branch,
            head_sha=sha,
            created_at=now(),
        )
    )


def suite_of(github: GitHub, repository: Repository, sha: str) -> CheckSuite:
    """The first suite of a commit: what check runs that are made by themselves belong to."""
    found = github.store.all(CheckSuite, lambda one: one.repository == repository.id and one.head_sha == sha)
    return found[0] if found else new_suite(github, repository, sha, None)


def runs_of(github: GitHub, repository: Repository, sha: str) -> list[CheckRun]:
    """The check runs of a commit, the newest first."""
    return github.store.all(CheckRun, lambda one: one.repository == repository.id and one.head_sha == sha)[::-1]


def latest(runs: list[CheckRun]) -> list[CheckRun]:
    """The newest of each name."""
    found: dict[str, CheckRun] = {}
    for run in runs:
        found.setdefault(run.name, run)
    return list(found.values())
