"""Environments. https://docs.github.com/en/rest/deployments/environments"""

from __future__ import annotations

from localcloud.github.api.call import Call, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.api.pages import page
from localcloud.github.environments.bodies import EnvironmentPut, PolicyPost, Reviewer, environment_body, policy_body
from localcloud.github.environments.model import BranchPolicy, Environment, environment_id, environment_of
from localcloud.github.repositories.routes import REPO
from localcloud.github.store import now
from localcloud.github.users.model import User


def of_call(call: Call) -> Environment:
    """The one in the path, or 404."""
    found = environment_of(call.github, call.repository, call.parts["environment"])
    if found is None:
        raise NotFoundError
    return found


def listing(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/environments"""
    found = call.github.store.all(Environment, lambda one: one.repository == call.repository.id)
    return page(call, found, lambda one: environment_body(call.github, call.repository, one), "environments")


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/environments/{environment}"""
    return Reply(environment_body(call.github, call.repository, of_call(call)))


def put(call: Call) -> Reply:
    """PUT /repos/{owner}/{repo}/environments/{environment}: makes it, or says anew what it asks for."""
    want, repository, name = call.body(EnvironmentPut), call.repository, call.parts["environment"]
    branches, policy = "all", want.deployment_branch_policy
    if policy is not None:
        if policy.protected_branches == policy.custom_branch_policies:
            message = "protected_branches and custom_branch_policies cannot have the same value"
            raise ApiError(422, message)
        branches = "protected" if policy.protected_branches else "custom"
    moment, before = now(), environment_of(call.github, repository, name)
    kept = Environment.model_validate(
        {
            "id": environment_id(repository, name),
            "repository": repository.id,
            "name": before.name if before else name,
            "number": before.number if before else call.github.number("environment"),
            "wait_timer": want.wait_timer,
            "reviewers": tuple(_login(call, reviewer) for reviewer in want.reviewers or ()),
            "prevent_self_review": want.prevent_self_review,
            "branches": branches,
            "policies": before.policies if before and branches == "custom" else (),
            "created_at": before.created_at if before else moment,
            "updated_at": moment,
        }
    )
    return Reply(environment_body(call.github, repository, call.github.store.put(kept)))


def delete(call: Call) -> Reply:
    """DELETE /repos/{owner}/{repo}/environments/{environment}"""
    call.github.store.remove(of_call(call))
    return Reply(None, 204)


def policies(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/environments/{environment}/deployment-branch-policies"""
    return page(call, of_call(call).policies, policy_body, "branch_policies")


def add_policy(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/environments/{environment}/deployment-branch-policies"""
    want, environment = call.body(PolicyPost), of_call(call)
    if environment.branches != "custom":
        raise NotFoundError
    for known in environment.policies:
        if (known.name, known.type) == (want.name, want.type):
            return Reply(policy_body(known), 303)
    made = BranchPolicy(number=call.github.number("branch policy"), name=want.name, type=want.type)
    call.github.store.change(environment, policies=(*environment.policies, made))
    return Reply(policy_body(made))


def drop_policy(call: Call) -> Reply:
    """DELETE /repos/{owner}/{repo}/environments/{environment}/deployment-branch-policies/{number}"""
    environment, number = of_call(call), call.number("number")
    left = tuple(policy for policy in environment.policies if policy.number != number)
    if left == environment.policies:
        raise NotFoundError
    call.github.store.change(environment, policies=left)
    return Reply(None, 204)


def _login(call: Call, reviewer: Reviewer) -> str:
    if reviewer.type == "Team":
        raise ApiError(501, "teams are not built on the GitHub of this machine")
    for user in call.github.store.all(User, lambda one: one.number == reviewer.id):
        return user.login
    raise ApiError(422, f"Failed to create the environment protection rule: no user {reviewer.id}")


ONE, DOCS = f"{REPO}/environments/{{environment}}", "deployments/environments"
POLICIES, POLICY_DOCS = f"{ONE}/deployment-branch-policies", "deployments/branch-policies"
routes = [
    Route("GET", f"{REPO}/environments", listing, "actions|environments", docs=f"{DOCS}#list-environments"),
    Route("GET", ONE, get, "actions|environments", docs=f"{DOCS}#get-an-environment"),
    Route("PUT", ONE, put, "administration", "admin", f"{DOCS}#create-or-update-an-environment"),
    Route("DELETE", ONE, delete, "administration", "admin", f"{DOCS}#delete-an-environment"),
    Route("GET", POLICIES, policies, "actions", docs=f"{POLICY_DOCS}#list-deployment-branch-policies"),
    Route(
        "POST", POLICIES, add_policy, "administration", "admin", f"{POLICY_DOCS}#create-a-deployment-branch-policy"
    ),
    Route(
        "DELETE",
        f"{POLICIES}/{{number}}",
        drop_policy,
        "administration",
        "admin",
        f"{POLICY_DOCS}#delete-a-deployment-branch-policy",
    ),
]
