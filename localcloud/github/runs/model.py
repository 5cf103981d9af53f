"""A run and its jobs as they are kept, in GitHub's words.

https://docs.github.com/en/rest/actions/workflow-runs
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from localcloud.github.runs.derived import Result
from localcloud.github.store import Frozen, Record

Status = Literal["queued", "pending", "waiting", "in_progress", "completed"]
Conclusion = Literal["success", "failure", "cancelled", "skipped", "timed_out", "startup_failure"]
WORST: tuple[Conclusion, ...] = ("startup_failure", "cancelled", "timed_out", "failure")


class Trigger(Frozen):
    """What has started a run."""

    event: str
    action: str = ""
    ref: str
    """`refs/heads/…`, `refs/tags/…` or `refs/pull/N/merge`."""
    sha: str
    head_sha: str
    """The commit that statuses and checks are told of."""
    actor: str
    head_ref: str = ""
    base_ref: str = ""
    number: int | None = None
    fork: bool = False
    """A pull request from another repository: no secret, no token of the issuer, and a token that only reads."""
    payload: dict[str, Any]


class Run(Record):
    """One run of one workflow."""

    kind: ClassVar[str] = "run"

    number: int
    repository: str
    name: str
    file: str
    trigger: Trigger
    status: Status = "queued"
    conclusion: Conclusion | None = None
    cancelled_by: str = ""
    """Who has asked for its end: a person, or a newer run of its group."""
    why: str = ""
    """Why it ended as it did, where no job's log says so."""
    attempt: int = 1
    created_at: str
    started_at: str
    updated_at: str


class JobRun(Record):
    """One job of a run, or the call of a workflow, which GitHub does not show."""

    kind: ClassVar[str] = "job"

    run: str
    key: str
    """As the file calls it; of a called one with its caller's before it."""
    name: str
    is_call: bool = False
    status: Status = "queued"
    conclusion: Conclusion | None = None
    outputs: dict[str, str] = Field(default_factory=dict)
    environment: str = ""
    waits_for: str = ""
    """Whom or what it waits for, for people."""
    why: str = ""
    attempt: int = 1
    started_at: str | None = None
    completed_at: str | None = None
    check: int | None = None
    """The check run that tells of it."""
    deployment: int | None = None

    @property
    def over(self) -> bool:
        return self.status == "completed"

    @property
    def result(self) -> Result:
        """For those that need it."""
        return Result(self.conclusion or "failure", self.outputs)


def concluded(jobs: list[JobRun]) -> Conclusion:
    """What the jobs of a run amount to: one that was left out spoils nothing."""
    ended = {job.conclusion for job in jobs}
    for worst in WORST:
        if worst in ended:
            return "failure" if worst == "timed_out" else worst
    return "success"
