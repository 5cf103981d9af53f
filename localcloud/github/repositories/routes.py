"""Repositories. https://docs.github.com/en/rest/repos/repos"""

from __future__ import annotations

from localcloud.github.api.call import Body, Call, Reply, Route
from localcloud.github.api.errors import invalid
from localcloud.github.api.pages import page
from localcloud.github.git.repository import refs
from localcloud.github.repositories import life
from localcloud.github.repositories.bodies import RepositoryPatch, repository_body, whole_repository_body
from localcloud.github.repositories.model import Repository


class ForkPost(Body):
    """POST of a fork."""

    organization: str | None = None


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}"""
    return Reply(whole_repository_body(call.github, call.repository, call.who))


def patch(call: Call) -> Reply:
    """PATCH /repos/{owner}/{repo}"""
    want, repository = call.body(RepositoryPatch), call.repository
    branch = want.default_branch
    if branch is not None and f"{repository.heads}{branch}" not in refs(repository.heads):
        message = f"The branch {branch} was not found. Please push that ref first or create it via the Git Data API."
        raise invalid("Repository", "default_branch", message=message)
    changed = call.github.store.change(repository, **{k: v for k, v in want.sent().items() if v is not None})
    return Reply(whole_repository_body(call.github, changed, call.who))


def mine(call: Call) -> Reply:
    """GET /user/repos"""
    return page(call, call.github.store.all(Repository), lambda one: repository_body(call.github, one))


def fork(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/forks: under the caller, or the organization that is named."""
    owner = call.body(ForkPost).organization or call.who.login
    made = life.fork(call.github, call.repository, owner)
    return Reply(whole_repository_body(call.github, made, call.who), 202)


def forks(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/forks"""
    found = call.github.store.all(Repository, lambda one: one.parent == call.repository.id)
    return page(call, found, lambda one: repository_body(call.github, one))


REPO = "/repos/{owner}/{repo}"
routes = [
    Route("GET", REPO, get, "metadata", docs="repos/repos#get-a-repository"),
    Route("PATCH", REPO, patch, "administration", "admin", docs="repos/repos#update-a-repository"),
    Route("GET", f"{REPO}/forks", forks, "metadata", docs="repos/forks#list-forks"),
    Route("POST", f"{REPO}/forks", fork, "metadata", docs="repos/forks#create-a-fork"),
    Route("GET", "/user/repos", mine, docs="repos/repos#list-repositories-for-the-authenticated-user"),
]
