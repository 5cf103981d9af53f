"""Git's refs and objects. https://docs.github.com/en/rest/git/refs"""

from __future__ import annotations

import base64
from typing import Any

from localcloud.github.api.call import Body, Call, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.commits.bodies import git_commit_body
from localcloud.github.commits.model import read
from localcloud.github.commits.routes import commit_of
from localcloud.github.git.repository import (
    ZERO,
    GitError,
    blob_bytes,
    delete,
    git,
    is_ancestor,
    refs,
    resolve,
    run,
    update,
)
from localcloud.github.protection.model import protection_of
from localcloud.github.protection.rules import Push, push_refusal, results
from localcloud.github.pushes.life import sync
from localcloud.github.repositories.bodies import url
from localcloud.github.repositories.routes import REPO


class RefPost(Body):
    """POST of one."""

    ref: str
    sha: str


class RefPatch(Body):
    """PATCH of one."""

    sha: str
    force: bool = False


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/git/ref/{ref}"""
    return Reply(_body(call, *_found(call, 404, "Not Found")))


def matching(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/git/matching-refs/{ref}: whose names begin so."""
    place = f"{call.repository.refs}/"
    found = refs(place).items()
    return Reply([_body(call, name, sha) for name, sha in found if name.startswith(place + call.parts["ref"])])


def create(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/git/refs"""
    want = call.body(RefPost)
    if not want.ref.startswith(("refs/heads/", "refs/tags/")) or want.ref.count("/") < 2:
        raise ApiError(422, "Reference name must start with 'refs/heads/' or 'refs/tags/' on this machine")
    if resolve(want.sha) is None:
        raise ApiError(422, "Object does not exist")
    name = call.repository.refs + want.ref.removeprefix("refs")
    if run("rev-parse", "--verify", "--quiet", name).returncode == 0:
        raise ApiError(422, "Reference already exists")
    _change(call, name, ZERO, want.sha)
    return Reply(_body(call, name, want.sha), 201)


def patch(call: Call) -> Reply:
    """PATCH /repos/{owner}/{repo}/git/refs/{ref}"""
    want = call.body(RefPatch)
    name, before = _found(call, 422, "Reference does not exist")
    if resolve(want.sha) is None:
        raise ApiError(422, "Object does not exist")
    forced = not is_ancestor(before, want.sha)
    if forced and not want.force:
        raise ApiError(422, "Update is not a fast forward")
    _change(call, name, before, want.sha, forced=forced)
    return Reply(_body(call, name, want.sha))


def remove(call: Call) -> Reply:
    """DELETE /repos/{owner}/{repo}/git/refs/{ref}"""
    name, before = _found(call, 422, "Reference does not exist")
    _change(call, name, before, ZERO)
    return Reply(None, 204)


def commit(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/git/commits/{sha}"""
    sha = commit_of(call.repository, call.parts["sha"])
    if sha is None:
        raise NotFoundError
    return Reply(git_commit_body(call.repository, read(sha)))


def tree(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/git/trees/{sha}: with `recursive` all of it."""
    name = call.parts["sha"]
    sha = commit_of(call.repository, name) or name
    ended = run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{sha}^{{tree}}")
    if ended.returncode != 0:
        raise NotFoundError
    top, address = ended.stdout.strip(), f"{url(call.repository)}/git"
    options = ["-r", "-t"] if call.query("recursive") else []
    rows = []
    for line in git("ls-tree", "-z", "-l", *options, top).split("\0")[:-1]:
        facts, _, path = line.partition("\t")
        mode, kind, entry, size = facts.split()
        plural = {"blob": "blobs", "tree": "trees", "commit": "commits"}[kind]
        row = {"path": path, "mode": mode, "type": kind, "sha": entry, "url": f"{address}/{plural}/{entry}"}
        rows.append({**row, "size": int(size)} if size != "-" else row)
    return Reply({"sha": top, "url": f"{address}/trees/{top}", "tree": rows, "truncated": False})


def blob(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/git/blobs/{sha}"""
    sha = call.parts["sha"]
    if run("cat-file", "-t", sha).stdout.strip() != "blob" or sha.startswith("-"):
        raise NotFoundError
    content = blob_bytes(sha)
    return Reply(
        {
            "sha": sha,
            "node_id": f"B_{sha}",
            "size": len(content),
            "url": f"{url(call.repository)}/git/blobs/{sha}",
            "content": base64.encodebytes(content).decode(),
            "encoding": "base64",
        }
    )


def _change(call: Call, name: str, before: str, after: str, *, forced: bool = False) -> None:
    """Point it there, unless the branch is protected from that."""
    repository = call.repository
    protection = protection_of(call.github, repository, name.removeprefix(repository.heads))
    said = {} if after == ZERO else results(call.github, repository, after)
    admin = call.who.has_role("admin") and not call.who.is_job
    if why := push_refusal(protection, Push(before, after, forced), said, admin=admin):
        raise ApiError(422, " ".join(why))
    try:
        if after == ZERO:
            delete(name, before)
        else:
            update(name, after, before)
    except GitError as error:
        raise ApiError(422, f"Reference update failed: {error}") from error
    sync(call.github, call.who.login, by_job=call.who.is_job)


def _found(call: Call, status: int, message: str) -> tuple[str, str]:
    name = f"{call.repository.refs}/{call.parts['ref']}"
    sha = refs(name).get(name)
    if sha is None:
        raise ApiError(status, message)
    return name, sha


def _body(call: Call, name: str, sha: str) -> dict[str, Any]:
    ref = "refs" + name.removeprefix(call.repository.refs)
    address = f"{url(call.repository)}/git"
    return {
        "ref": ref,
        "node_id": f"REF_{ref}",
        "url": f"{address}/{ref}",
        "object": {"type": "commit", "sha": sha, "url": f"{address}/commits/{sha}"},
    }


GIT = f"{REPO}/git"
routes = [
    Route("GET", f"{GIT}/ref/{{ref:path}}", get, "contents", docs="git/refs#get-a-reference"),
    Route("GET", f"{GIT}/matching-refs/{{ref:path}}", matching, "contents", docs="git/refs#list-matching-references"),
    Route("POST", f"{GIT}/refs", create, "contents", "write", "git/refs#create-a-reference"),
    Route("PATCH", f"{GIT}/refs/{{ref:path}}", patch, "contents", "write", "git/refs#update-a-reference"),
    Route("DELETE", f"{GIT}/refs/{{ref:path}}", remove, "contents", "write", "git/refs#delete-a-reference"),
    Route("GET", f"{GIT}/commits/{{sha}}", commit, "contents", docs="git/commits#get-a-commit-object"),
    Route("GET", f"{GIT}/trees/{{sha:path}}", tree, "contents", docs="git/trees#get-a-tree"),
    Route("GET", f"{GIT}/blobs/{{sha}}", blob, "contents", docs="git/blobs#get-a-blob"),
]
