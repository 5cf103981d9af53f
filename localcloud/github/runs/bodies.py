"""Runs, jobs and workflows as GitHub writes them."""

from __future__ import annotations

import zlib
from typing import Any

from pydantic import Field

from localcloud.github.api.call import Body
from localcloud.github.repositories.bodies import html_url, repository_body
from localcloud.github.repositories.model import Repository
from localcloud.github.runs import log
from localcloud.github.runs.kept import log_of
from localcloud.github.runs.model import JobRun, Run
from localcloud.github.store import GitHub, api_url, node_id
from localcloud.github.users.bodies import user_named


class DispatchPost(Body):
    """POST of a run by hand."""

    ref: str
    inputs: dict[str, Any] = Field(default_factory=dict)


class SwitchPut(Body):
    """PUT of whether events start runs."""

    on: bool


def workflow_number(file: str) -> int:
    """A number that is always a file's own."""
    return zlib.crc32(file.encode())


def run_body(github: GitHub, run: Run) -> dict[str, Any]:
    """A run."""
    repository = github.store.find(Repository, run.repository.lower())
    address = f"{api_url()}/repos/{run.repository}/actions/runs/{run.id}"
    trigger = run.trigger
    branch = trigger.head_ref or trigger.ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    message = str((trigger.payload.get("head_commit") or {}).get("message", ""))
    actor = user_named(github, trigger.actor)
    return {
        "id": int(run.id),
        "name": run.name,
        "node_id": node_id("WFR", int(run.id)),
        "head_branch": branch,
        "head_sha": trigger.head_sha,
        "path": run.file,
        "display_title": message.partition("\n")[0] or run.name,
        "run_number": run.number,
        "event": trigger.event,
        "status": run.status,
        "conclusion": run.conclusion,
        "workflow_id": workflow_number(run.file),
        "url": address,
        "html_url": f"{html_url(repository)}/actions/runs/{run.id}",
        "pull_requests": [{"number": trigger.number}] if trigger.event == "pull_request" else [],
        "created_at": run.created_at,
        "updated_at": run.updated_at,
        "actor": actor,
        "run_attempt": run.attempt,
        "run_started_at": run.started_at,
        "triggering_actor": actor,
        **{
            f"{name}_url": f"{address}/{path}"
            for name, path in {"jobs": "jobs", "logs": "logs", "cancel": "cancel", "rerun": "rerun"}.items()
        },
        "workflow_url": f"{api_url()}/repos/{run.repository}/actions/workflows/{workflow_number(run.file)}",
        "repository": repository_body(github, repository),
        "head_repository": repository_body(github, repository),
        "_local": {"why": run.why, "cancelled_by": run.cancelled_by},
    }


def job_body(github: GitHub, run: Run, job: JobRun) -> dict[str, Any]:
    """A job, with its steps as far as they have come."""
    repository = github.store.find(Repository, run.repository.lower())
    address = f"{api_url()}/repos/{run.repository}"
    written, key = log_of(job), job.key.rpartition("/")[2]
    return {
        "id": int(job.id),
        "run_id": int(run.id),
        "run_url": f"{address}/actions/runs/{run.id}",
        "node_id": node_id("CR", int(job.id)),
        "head_sha": run.trigger.head_sha,
        "url": f"{address}/actions/jobs/{job.id}",
        "html_url": f"{html_url(repository)}/actions/runs/{run.id}/job/{job.id}",
        "status": job.status,
        "conclusion": job.conclusion,
        "created_at": run.started_at,
        "started_at": job.started_at or run.started_at,
        "completed_at": job.completed_at,
        "name": job.name,
        "steps": log.steps(written, key),
        "check_run_url": f"{address}/check-runs/{job.check or 0}",
        "labels": ["ubuntu-24.04"],
        "runner_id": 1,
        "runner_name": "this machine",
        "runner_group_id": 1,
        "runner_group_name": "Default",
        "run_attempt": job.attempt,
        "workflow_name": run.name,
        "_local": {
            "why": job.why,
            "waits_for": job.waits_for,
            "environment": job.environment,
            "outputs": job.outputs,
            "summary": log.summary(written, key),
        },
    }


def workflow_body(repository: Repository, file: str, name: str) -> dict[str, Any]:
    """A workflow."""
    number = workflow_number(file)
    at = repository.created_at
    address = f"{api_url()}/repos/{repository.full_name}/actions/workflows/{number}"
    return {
        "id": number,
        "node_id": node_id("W", number),
        "name": name,
        "path": file,
        "state": "active",
        "created_at": at,
        "updated_at": at,
        "url": address,
        "html_url": f"{html_url(repository)}/blob/{repository.default_branch}/{file}",
        "badge_url": f"{html_url(repository)}/workflows/{name}/badge.svg",
    }
