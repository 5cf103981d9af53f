"""A cron job's command, checked once with the release: by a one-off job, which cron jobs can have at Render, too.

https://render.com/docs/one-off-jobs
"""

from __future__ import annotations

from pulumi_plugin.values import Values
from render_api.errors import RefusedError
from render_provider.provider.gate.failure import GateError
from render_provider.provider.logs import LINES, message_of, type_of
from render_provider.provider.task import Task

LIMIT = 900.0  # seconds
UNDER_WAY = frozenset({"pending", "running"})


def check(task: Task, service: str, command: str) -> None:
    """Run it to its end; `GateError` with its last lines when that is not a success."""
    try:
        # changes nothing, so that it may be run twice
        job = task.client.post(f"/services/{service}/jobs", {"startCommand": command}, repeatable=True)
    except RefusedError as error:
        if error.status >= 500:
            raise  # it may run one, and has not
        task.warn(f"not checked, as Render runs no one-off job for it: {error.reason}")
        return
    path = f"/services/{service}/jobs/{job['id']}"
    done = task.wait(
        f"`{command}`",
        lambda: task.client.get(path),
        lambda job: job["status"] not in UNDER_WAY,
        limit=LIMIT,
        status=lambda job: str(job["status"]),
        pause=2,
    )
    if done["status"] != "succeeded":
        raise GateError(f"`{command}` has {done['status']}", lines=_lines(task, job))


def _lines(task: Task, job: Values) -> list[str]:
    query: Values = {"ownerId": task.owner_id, "resource": [job["id"]], "startTime": job["createdAt"]}
    logs: list[Values] = []
    for pause in (0.0, 1.0, 3.0):  # they come a moment after the fact
        task.client.clock.sleep(pause)
        page = task.client.get("/logs", {**query, "direction": "backward", "limit": 100}) or {}
        logs = [log for log in page.get("logs") or [] if type_of(log) not in ("build", "request")]
        if logs:
            break
    return [message_of(log) for log in sorted(logs, key=lambda log: str(log["timestamp"]))[-LINES:]]
