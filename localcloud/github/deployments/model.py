"""Deployments, and how they went."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from localcloud.github.store import GitHub, Record

State = Literal["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]


class Deployment(Record):
    """Its id is its number."""

    kind: ClassVar[str] = "deployment"

    repository: str
    number: int
    sha: str
    ref: str
    task: str
    environment: str
    description: str | None = None
    payload: dict[str, Any] | str = Field(default_factory=dict)
    transient_environment: bool = False
    production_environment: bool = False
    creator: str
    created_at: str
    updated_at: str


class DeploymentStatus(Record):
    """One step of it; its id is its number."""

    kind: ClassVar[str] = "deployment_status"

    deployment: str
    number: int
    state: State
    creator: str
    description: str = ""
    environment: str
    log_url: str = ""
    environment_url: str = ""
    created_at: str


def statuses_of(github: GitHub, deployment: Deployment) -> list[DeploymentStatus]:
    """Its steps, the newest first."""
    return github.store.all(DeploymentStatus, lambda one: one.deployment == deployment.id)[::-1]


def is_active(github: GitHub, deployment: Deployment) -> bool:
    """Whether it is what its environment has."""
    states = [status.state for status in statuses_of(github, deployment)[:1]]
    return states == ["success"]
