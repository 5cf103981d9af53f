"""Runs of workflows. https://docs.github.com/en/rest/actions/workflow-runs"""

from __future__ import annotations

from collections.abc import Callable

from localcloud.github.api.call import Call, Level, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.api.pages import page
from localcloud.github.environments import approvals
from localcloud.github.events import Event
from localcloud.github.git.repository import resolve
from localcloud.github.repositories.routes import REPO
from localcloud.github.runs import life, log, source
from localcloud.github.runs.bodies import (
    DispatchPost,
    SwitchPut,
    job_body,
    run_body,
    workflow_body,
    workflow_number,
)
from localcloud.github.runs.kept import log_of
from localcloud.github.runs.model import JobRun, Run
from localcloud.github.runs.workflow import WorkflowError, read

ACTIONS = f"{REPO}/actions"
ONE = f"{ACTIONS}/runs/{{run}}"
DOCS = "actions/workflow-runs"


def of_call(call: Call) -> Run:
    """The one in the path, or 404."""
    found = call.github.store.get(Run, str(call.number("run")))
    if found is None or found.repository.lower() != call.repository.id:
        raise NotFoundError
    return found


def _job_of_call(call: Call) -> tuple[Run, JobRun]:
    found = call.github.store.get(JobRun, str(call.number("job")))
    run = call.github.store.get(Run, found.run) if found else None
    if found is None or run is None or run.repository.lower() != call.repository.id:
        raise NotFoundError
    return run, found


def listing(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/actions/runs: the newest first."""
    wanted = {name: call.query(name) for name in ("branch", "event", "status", "actor", "head_sha")}
    found = [run_body(call.github, run) for run in call.github.store.all(Run) if _is_of(call, run)]
    names = {"branch": "head_branch"}
    for name, value in wanted.items():
        if value and name == "status":
            found = [body for body in found if value in {body["status"], body["conclusion"]}]
        elif value and name == "actor":
            found = [body for body in found if body["actor"]["login"].lower() == value.lower()]
        elif value:
            found = [body for body in found if body[names.get(name, name)] == value]
    return page(call, found[::-1], lambda body: body, "workflow_runs")


def _is_of(call: Call, run: Run) -> bool:
    workflow = call.parts.get("workflow")
    file = run.file.rpartition("/")[2]
    return run.repository.lower() == call.repository.id and workflow in {None, file, str(workflow_number(run.file))}


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/actions/runs/{run_id}"""
    return Reply(run_body(call.github, of_call(call)))


def jobs(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs: the calls of workflows are none."""
    run = of_call(call)
    found = [job for job in life.of(call.github).kept.jobs(run.id) if not job.is_call]
    return page(call, found, lambda job: job_body(call.github, run, job), "jobs")


def job(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/actions/jobs/{job_id}"""
    return Reply(job_body(call.github, *_job_of_call(call)))


def job_log(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs: as text, also while it runs."""
    _, found = _job_of_call(call)
    lines = log.lines(log_of(found), found.key.rpartition("/")[2])
    return Reply("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


def cancel(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel"""
    run = of_call(call)
    if run.status == "completed":
        raise ApiError(409, "Cannot cancel a workflow run that is completed.")
    life.of(call.github).cancel(run, call.who.login)
    return Reply({}, 202)


def rerun(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun"""
    life.of(call.github).rerun(of_call(call))
    return Reply({}, 201)


def rerun_failed(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs"""
    life.of(call.github).rerun(of_call(call), failed_only=True)
    return Reply({}, 201)


def pending(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments"""
    found = {one.environment: one for one in approvals.waiting(call.github, int(of_call(call).id))}.values()
    return Reply([approvals.pending_body(call.github, call.repository, one, call.who) for one in found])


def review(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments"""
    run = of_call(call)
    found = approvals.review(call.github, int(run.id), call.who, call.body(approvals.ReviewPost))
    life.of(call.github).kept.changed.notify_all()
    return Reply([approvals.short_body(call.repository, environment) for environment in found])


def reviews(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals"""
    return Reply(approvals.approvals_body(call.github, call.repository, int(of_call(call).id)))


def workflows(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/actions/workflows: those of the default branch."""
    repository = call.repository
    sha = resolve(f"{repository.heads}{repository.default_branch}")
    found = []
    for file in source.workflows(sha) if sha else ():
        try:
            found.append(workflow_body(repository, file, read(file, source.read(sha or "", file) or "").name))
        except WorkflowError:
            continue
    return page(call, found, lambda body: body, "workflows")


def dispatch(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches"""
    want, repository = call.body(DispatchPost), call.repository
    ref = want.ref if want.ref.startswith("refs/") else f"refs/heads/{want.ref}"
    sha = resolve(f"{repository.refs}{ref.removeprefix('refs')}")
    if sha is None:
        raise ApiError(422, f"No ref found for: {want.ref}")
    event = Event(
        name="workflow_dispatch",
        repository=repository.full_name,
        ref=ref,
        sha=sha,
        actor=call.who.login,
        payload={"ref": ref, "inputs": want.inputs},
        inputs=want.inputs,
        workflow=call.parts["workflow"],
    )
    run = life.of(call.github).dispatch(event)
    return Reply({"workflow_run_id": int(run.id)}, 200)


def switch(call: Call) -> Reply:
    """PUT /_local/runs: whether pushes and pull requests start runs."""
    life.of(call.github).switch(on=call.body(SwitchPut).on)
    return Reply({"on": life.of(call.github).on})


def switched(call: Call) -> Reply:
    """GET /_local/runs"""
    return Reply({"on": life.of(call.github).on})


def _route(method: str, path: str, handler: Callable[[Call], Reply], level: Level = "read") -> Route:
    return Route(method, path, handler, "actions", level, DOCS)


routes = [
    _route("GET", f"{ACTIONS}/runs", listing),
    _route("GET", f"{ACTIONS}/workflows/{{workflow}}/runs", listing),
    _route("GET", ONE, get),
    _route("GET", f"{ONE}/jobs", jobs),
    _route("GET", f"{ACTIONS}/jobs/{{job}}", job),
    _route("GET", f"{ACTIONS}/jobs/{{job}}/logs", job_log),
    _route("POST", f"{ONE}/cancel", cancel, "write"),
    _route("POST", f"{ONE}/rerun", rerun, "write"),
    _route("POST", f"{ONE}/rerun-failed-jobs", rerun_failed, "write"),
    _route("GET", f"{ONE}/pending_deployments", pending),
    Route("POST", f"{ONE}/pending_deployments", review, "deployments", "write", DOCS),
    _route("GET", f"{ONE}/approvals", reviews),
    _route("GET", f"{ACTIONS}/workflows", workflows),
    _route("POST", f"{ACTIONS}/workflows/{{workflow}}/dispatches", dispatch, "write"),
    Route("PUT", "/_local/runs", switch, "administration", "admin"),
    Route("GET", "/_local/runs", switched),
]
