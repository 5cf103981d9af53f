"""Deployments as GitHub reads and writes them."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from localcloud.github.api.call import Body
from localcloud.github.deployments.model import Deployment, DeploymentStatus, State
from localcloud.github.repositories.bodies import url
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, node_id
from localcloud.github.users.bodies import user_named


class DeploymentPost(Body):
    """POST of one."""

    ref: str
    task: str = "deploy"
    auto_merge: bool = True
    required_contexts: list[str] | None = None
    payload: dict[str, Any] | str = Field(default_factory=dict)
    environment: str = "production"
    description: str | None = None
    transient_environment: bool = False
    production_environment: bool | None = None


class StatusPost(Body):
    """POST of one of its steps."""

    state: State
    log_url: str = ""
    target_url: str = ""
    description: str = ""
    environment: str | None = None
    environment_url: str = ""
    auto_inactive: bool = True


def deployment_body(github: GitHub, deployment: Deployment) -> dict[str, Any]:
    """A deployment."""
    repository = github.store.find(Repository, deployment.repository)
    address = f"{url(repository)}/deployments/{deployment.number}"
    return {
        "url": address,
        "id": deployment.number,
        "node_id": node_id("DE", deployment.number),
        "sha": deployment.sha,
        "ref": deployment.ref,
        "task": deployment.task,
        "payload": deployment.payload,
        "original_environment": deployment.environment,
        "environment": deployment.environment,
        "description": deployment.description,
        "creator": user_named(github, deployment.creator),
        "created_at": deployment.created_at,
        "updated_at": deployment.updated_at,
        "statuses_url": f"{address}/statuses",
        "repository_url": url(repository),
        "transient_environment": deployment.transient_environment,
        "production_environment": deployment.production_environment,
    }


def status_body(github: GitHub, deployment: Deployment, status: DeploymentStatus) -> dict[str, Any]:
    """One of its steps."""
    repository = github.store.find(Repository, deployment.repository)
    address = f"{url(repository)}/deployments/{deployment.number}"
    return {
        "url": f"{address}/statuses/{status.number}",
        "id": status.number,
        "node_id": node_id("DES", status.number),
        "state": status.state,
        "creator": user_named(github, status.creator),
        "description": status.description,
        "environment": status.environment,
        "target_url": status.log_url,
        "created_at": status.created_at,
        "updated_at": status.created_at,
        "deployment_url": address,
        "repository_url": url(repository),
        "environment_url": status.environment_url,
        "log_url": status.log_url,
    }
