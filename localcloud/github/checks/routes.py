"""Check runs and suites. https://docs.github.com/en/rest/checks/runs"""

from __future__ import annotations

from typing import Any

from localcloud.github.api.call import Call, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.api.pages import page
from localcloud.github.checks import life
from localcloud.github.checks.bodies import APP, CheckRunPatch, CheckRunPost, check_run_body, check_suite_body
from localcloud.github.checks.model import CheckRun, CheckSuite, Output, latest, runs_of, suite_of
from localcloud.github.commits.routes import sha_of
from localcloud.github.git.repository import resolve
from localcloud.github.repositories.routes import REPO


def create(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/check-runs: apps alone may, and a job is one."""
    _apps_alone(call)
    want = call.body(CheckRunPost)
    if resolve(want.head_sha) is None:
        raise ApiError(422, f"No commit found for SHA: {want.head_sha}")
    suite = suite_of(call.github, call.repository, want.head_sha)
    fields = _fields(want)
    name = fields.pop("name")
    fields.pop("head_sha")
    return Reply(check_run_body(call.github, life.create(call.github, call.repository, suite, name, **fields)), 201)


def patch(call: Call) -> Reply:
    """PATCH /repos/{owner}/{repo}/check-runs/{number}"""
    _apps_alone(call)
    want = call.body(CheckRunPatch)
    return Reply(check_run_body(call.github, life.change(call.github, _run(call), **_fields(want))))


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/check-runs/{number}"""
    return Reply(check_run_body(call.github, _run(call)))


def of_commit(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/commits/{ref}/check-runs: the newest of each name, or all with filter=all."""
    return _runs(call, runs_of(call.github, call.repository, sha_of(call)))


def of_suite(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/check-suites/{number}/check-runs"""
    suite = _suite(call)
    return _runs(call, call.github.store.all(CheckRun, lambda one: one.suite == suite.number)[::-1])


def suites(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/commits/{ref}/check-suites"""
    sha = sha_of(call)
    found = call.github.store.all(
        CheckSuite, lambda one: one.repository == call.repository.id and one.head_sha == sha
    )
    return page(call, found, lambda one: check_suite_body(call.github, one), "check_suites")


def suite(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/check-suites/{number}"""
    return Reply(check_suite_body(call.github, _suite(call)))


def _runs(call: Call, found: list[CheckRun]) -> Reply:
    runs = [
        run
        for run in (found if call.query("filter") == "all" else latest(found))
        if call.query("check_name") in {"", run.name}
        and call.query("status") in {"", run.status}
        and call.query("app_id") in {"", str(APP)}
    ]
    return page(call, runs, lambda one: check_run_body(call.github, one), "check_runs")


def _apps_alone(call: Call) -> None:
    if not call.who.is_job:
        raise ApiError(403, "You must authenticate via a GitHub App.")


def _fields(want: CheckRunPatch) -> dict[str, Any]:
    fields = want.sent()
    if want.output is not None:
        fields["output"] = Output(**want.output.model_dump())
    return fields


def _run(call: Call) -> CheckRun:
    found = call.github.store.get(CheckRun, str(call.number("number")))
    if found is None or found.repository != call.repository.id:
        raise NotFoundError
    return found


def _suite(call: Call) -> CheckSuite:
    found = call.github.store.get(CheckSuite, str(call.number("number")))
    if found is None or found.repository != call.repository.id:
        raise NotFoundError
    return found


RUN, SUITE, OF = f"{REPO}/check-runs/{{number}}", f"{REPO}/check-suites/{{number}}", f"{REPO}/commits/{{ref:path}}"
routes = [
    Route("POST", f"{REPO}/check-runs", create, "checks", "write", "checks/runs#create-a-check-run"),
    Route("GET", RUN, get, "checks", docs="checks/runs#get-a-check-run"),
    Route("PATCH", RUN, patch, "checks", "write", "checks/runs#update-a-check-run"),
    Route("GET", f"{OF}/check-runs", of_commit, "checks", docs="checks/runs#list-check-runs-for-a-git-reference"),
    Route("GET", f"{OF}/check-suites", suites, "checks", docs="checks/suites#list-check-suites-for-a-git-reference"),
    Route("GET", SUITE, suite, "checks", docs="checks/suites#get-a-check-suite"),
    Route("GET", f"{SUITE}/check-runs", of_suite, "checks", docs="checks/runs#list-check-runs-in-a-check-suite"),
]
