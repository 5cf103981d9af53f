"""Merges. https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request"""

from __future__ import annotations

from localcloud.github.api.call import Call, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.commits.bodies import commit_body
from localcloud.github.commits.model import read
from localcloud.github.commits.routes import commit_of
from localcloud.github.git.repository import is_ancestor, resolve, update
from localcloud.github.merges import life
from localcloud.github.merges.bodies import MergePost, MergePut
from localcloud.github.protection.model import protection_of
from localcloud.github.protection.rules import Push, push_refusal, results
from localcloud.github.pulls.merging import ConflictError, merge_of
from localcloud.github.pulls.routes import ONE, of_call
from localcloud.github.pushes.life import sync
from localcloud.github.repositories.routes import REPO


def merge(call: Call) -> Reply:
    """PUT /repos/{owner}/{repo}/pulls/{number}/merge"""
    want, pull = call.body(MergePut), of_call(call)
    sha = life.merge(call.github, call.repository, pull, want, call.who.login, by_job=call.who.is_job)
    return Reply({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def merged(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/pulls/{number}/merge: 204 for one that was merged."""
    if of_call(call).merged_at is None:
        raise NotFoundError
    return Reply(None, 204)


def branches(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/merges: one branch into another, without a pull request."""
    want, repository = call.body(MergePost), call.repository
    ref = f"{repository.heads}{want.base}"
    base, head = resolve(ref), commit_of(repository, want.head)
    if base is None or head is None:
        raise ApiError(404, "Base does not exist" if base is None else "Head does not exist")
    if is_ancestor(head, base):
        return Reply(None, 204)
    message = want.commit_message or f"Merge {want.head} into {want.base}"
    try:
        sha = merge_of(call.github, base, head, f"{message}\n", call.who.login)
    except ConflictError as error:
        raise ApiError(409, "Merge conflict") from error
    said = results(call.github, repository, sha)
    protection = protection_of(call.github, repository, want.base)
    if why := push_refusal(protection, Push(base, sha), said, admin=_is_admin(call)):
        raise ApiError(409, " ".join(why))
    update(ref, sha, base)
    sync(call.github, call.who.login, by_job=call.who.is_job)
    return Reply(commit_body(call.github, repository, read(sha)), 201)


def _is_admin(call: Call) -> bool:
    return call.who.has_role("admin") and not call.who.is_job


routes = [
    Route("GET", f"{ONE}/merge", merged, "contents", docs="pulls/pulls#check-if-a-pull-request-has-been-merged"),
    Route("PUT", f"{ONE}/merge", merge, "contents", "write", "pulls/pulls#merge-a-pull-request"),
    Route("POST", f"{REPO}/merges", branches, "contents", "write", "branches/branches#merge-a-branch"),
]
