"""A workflow's job, as a token tells of it.

https://docs.github.com/en/actions/reference/security/oidc
"""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Subjects = Literal["names", "ids"]
SHA = "0" * 40


class Job(BaseModel):
    """What a job is run for. Ids are numbers, which GitHub writes as text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    owner: str = Field(pattern=r"^[A-Za-z0-9-]+$")
    owner_id: int = Field(ge=1)
    repository: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    repository_id: int = Field(ge=1)
    ref: str = Field(pattern=r"^refs/.+$")
    environment: str | None = None
    event_name: str = "push"
    workflow: str = "deploy"
    workflow_file: str = "deploy.yml"
    called_file: str = ""
    """The reusable workflow that the job stands in, where one was called: who verifies provenance asks for it."""
    sha: str = Field(default=SHA, pattern=r"^[0-9a-f]{40}$")
    actor: str = "octocat"
    actor_id: int = 583231
    head_ref: str = ""
    base_ref: str = ""
    run_id: int = 1
    run_number: int = 1
    run_attempt: int = 1
    visibility: Literal["private", "public", "internal"] = "private"
    runner: Literal["github-hosted", "self-hosted"] = "github-hosted"
    subjects: Subjects = "names"
    """How its repository writes subjects: those that were made since 2026-07-15 with the ids."""

    @model_validator(mode="after")
    def _pull_requests_have_their_ref(self) -> Self:
        if self.event_name == "pull_request" and not self.ref.startswith("refs/pull/"):
            raise ValueError("ref: of a pull request it is refs/pull/NUMBER/merge")
        return self

    @property
    def full_name(self) -> str:
        """As GitHub writes a repository."""
        return f"{self.owner}/{self.repository}"

    @property
    def subject(self) -> str:
        """The environment if the job names one, else that it is a pull request's, else the branch or tag."""
        name = self.full_name
        if self.subjects == "ids":
            name = f"{self.owner}@{self.owner_id}/{self.repository}@{self.repository_id}"
        if self.environment is not None:
            return f"repo:{name}:environment:{self.environment.replace(':', '%3A')}"
        return f"repo:{name}:pull_request" if self.event_name == "pull_request" else f"repo:{name}:ref:{self.ref}"

    def claims(self) -> dict[str, Any]:
        """All that the token says of the job."""
        folder = f"{self.full_name}/.github/workflows"
        workflow = f"{folder}/{self.workflow_file}@{self.ref}"
        named = {} if self.environment is None else {"environment": self.environment}
        return {
            "sub": self.subject,
            **named,
            "ref": self.ref,
            "ref_type": "tag" if self.ref.startswith("refs/tags/") else "branch",
            "ref_protected": "false",
            "sha": self.sha,
            "repository": self.full_name,
            "repository_id": str(self.repository_id),
            "repository_owner": self.owner,
            "repository_owner_id": str(self.owner_id),
            "repository_visibility": self.visibility,
            "actor": self.actor,
            "actor_id": str(self.actor_id),
            "workflow": self.workflow,
            "workflow_ref": workflow,
            "workflow_sha": self.sha,
            "job_workflow_ref": f"{folder}/{self.called_file}@{self.ref}" if self.called_file else workflow,
            "job_workflow_sha": self.sha,
            "event_name": self.event_name,
            "head_ref": self.head_ref,
            "base_ref": self.base_ref,
            "run_id": str(self.run_id),
            "run_number": str(self.run_number),
            "run_attempt": str(self.run_attempt),
            "runner_environment": self.runner,
        }
