"""Runs of cron jobs as Render writes them."""

from __future__ import annotations

from typing import Any

from localcloud.render.cron_runs.model import CronRun


def run_body(run: CronRun) -> dict[str, Any]:
    """A run as it is read; what has not happened is not there."""
    return {
        "id": run.id,
        "status": run.status,
        "startedAt": run.started_at,
        "triggeredBy": run.triggered_by,
        **({"finishedAt": run.finished_at} if run.finished_at else {}),
        **({"canceledBy": run.canceled_by} if run.canceled_by else {}),
    }
