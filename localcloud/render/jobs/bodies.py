"""One-off jobs as Render writes them."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from localcloud.render.api.fields import Body
from localcloud.render.jobs.model import Job


class JobCreate(Body):
    """POST /services/{id}/jobs"""

    start_command: str = Field(min_length=1)
    plan_id: str | None = None


def job_body(job: Job) -> dict[str, Any]:
    """A job as it is read; what has not happened is not there."""
    return {
        "id": job.id,
        "serviceId": job.service_id,
        "startCommand": job.start_command,
        "planId": job.plan_id,
        "status": job.status,
        "createdAt": job.created_at,
        **({"startedAt": job.started_at} if job.started_at else {}),
        **({"finishedAt": job.finished_at} if job.finished_at else {}),
    }
