"""Deployments. https://docs.github.com/en/rest/deployments/deployments"""

from __future__ import annotations

from localcloud.github.api.call import Call, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.api.pages import page
from localcloud.github.deployments import life
from localcloud.github.deployments.bodies import DeploymentPost, StatusPost, deployment_body, status_body
from localcloud.github.deployments.model import Deployment, is_active, statuses_of
from localcloud.github.repositories.routes import REPO


def of_call(call: Call) -> Deployment:
    """The one in the path, or 404."""
    found = call.github.store.get(Deployment, str(call.number("number")))
    if found is None or found.repository != call.repository.id:
        raise NotFoundError
    return found


def listing(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/deployments: the newest first."""
    found = [
        one
        for one in call.github.store.all(Deployment, lambda one: one.repository == call.repository.id)[::-1]
        if all(call.query(name) in {"", getattr(one, name)} for name in ("sha", "ref", "task", "environment"))
    ]
    return page(call, found, lambda one: deployment_body(call.github, one))


def create(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/deployments"""
    want, who = call.body(DeploymentPost), call.who
    made = life.create(call.github, call.repository, want, who.login, by_job=who.is_job)
    return Reply(deployment_body(call.github, made), 201)


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/deployments/{number}"""
    return Reply(deployment_body(call.github, of_call(call)))


def delete(call: Call) -> Reply:
    """DELETE /repos/{owner}/{repo}/deployments/{number}: not of one that is active, unless it is the only one."""
    deployment = of_call(call)
    others = call.github.store.all(Deployment, lambda one: one.repository == call.repository.id)
    if is_active(call.github, deployment) and len(others) > 1:
        raise ApiError(
            422,
            "We cannot delete an active deployment unless it is the only deployment in a given environment.",
        )
    call.github.store.remove(deployment)
    return Reply(None, 204)


def statuses(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/deployments/{number}/statuses: the newest first."""
    deployment = of_call(call)
    return page(call, statuses_of(call.github, deployment), lambda one: status_body(call.github, deployment, one))


def add_status(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/deployments/{number}/statuses"""
    want, deployment, who = call.body(StatusPost), of_call(call), call.who
    made = life.add_status(call.github, deployment, want, who.login, by_job=who.is_job)
    return Reply(status_body(call.github, deployment, made), 201)


def status(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/deployments/{number}/statuses/{status}"""
    deployment, number = of_call(call), call.number("status")
    for one in statuses_of(call.github, deployment):
        if one.number == number:
            return Reply(status_body(call.github, deployment, one))
    raise NotFoundError


ALL, DOCS = f"{REPO}/deployments", "deployments/deployments"
ONE, STATUS_DOCS = f"{ALL}/{{number}}", "deployments/statuses"
routes = [
    Route("GET", ALL, listing, "deployments", docs=f"{DOCS}#list-deployments"),
    Route("POST", ALL, create, "deployments", "write", f"{DOCS}#create-a-deployment"),
    Route("GET", ONE, get, "deployments", docs=f"{DOCS}#get-a-deployment"),
    Route("DELETE", ONE, delete, "deployments", "write", f"{DOCS}#delete-a-deployment"),
    Route("GET", f"{ONE}/statuses", statuses, "deployments", docs=f"{STATUS_DOCS}#list-deployment-statuses"),
    Route("POST", f"{ONE}/statuses", add_status, "deployments", "write", f"{STATUS_DOCS}#create-a-deployment-status"),
    Route("GET", f"{ONE}/statuses/{{status}}", status, "deployments", docs=f"{STATUS_DOCS}#get-a-deployment-status"),
]
