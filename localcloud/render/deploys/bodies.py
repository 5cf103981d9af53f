"""Deploys as Render writes them."""

from __future__ import annotations

from typing import Any, Literal

from localcloud.render.api.fields import Body
from localcloud.render.api.ids import micros
from localcloud.render.deploys.model import Deploy, Status


class DeployCreate(Body):
    """POST /services/{id}/deploys. Nothing is cached here, so `clearCache` changes nothing."""

    clear_cache: Literal["clear", "do_not_clear"] = "do_not_clear"
    commit_id: str | None = None
    image_url: str | None = None
    deploy_mode: Literal["build_and_deploy"] | None = None


class Rollback(Body):
    """POST /services/{id}/rollback"""

    deploy_id: str


def trigger_body(deploy: Deploy) -> dict[str, Any]:
    """Why a deploy began, in the words of its event."""
    commit = {"newCommit": deploy.commit.id} if deploy.trigger == "new_commit" and deploy.commit else {}
    target = {"rollbackTargetDeployId": deploy.rollback_to} if deploy.rollback_to else {}
    return {
        "firstBuild": False,
        "envUpdated": False,
        "manual": deploy.trigger == "api",
        "deployedByRender": False,
        "clearCache": False,
        "rollback": deploy.trigger == "rollback",
        **commit,
        **target,
    }


def ended_body(deploy_id: str, status: Status) -> dict[str, Any]:
    """How a deploy ended, in the words of its event."""
    ended = {"live": "succeeded", "canceled": "canceled"}.get(status, "failed")
    number = {"succeeded": 2, "failed": 3, "canceled": 4}[ended]
    return {"deployId": deploy_id, "deployStatus": ended, "status": number, "reason": {}}


def deploy_body(deploy: Deploy) -> dict[str, Any]:
    """A deploy as it is read; one that waits has not started."""
    return {
        "id": deploy.id,
        "commit": deploy.commit.model_dump() if deploy.commit else None,
        "image": deploy.image.model_dump(exclude_none=True) if deploy.image else None,
        "status": deploy.status,
        "trigger": deploy.trigger,
        "createdAt": micros(deploy.created_at),
        "updatedAt": micros(deploy.updated_at),
        **({"startedAt": micros(deploy.started_at)} if deploy.started_at else {}),
        "finishedAt": micros(deploy.finished_at) if deploy.finished_at else None,
    }
