"""Commits and comparisons. https://docs.github.com/en/rest/commits/commits"""

from __future__ import annotations

from typing import Any

from localcloud.github.api.call import Call, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.api.pages import page
from localcloud.github.commits.bodies import commit_body
from localcloud.github.commits.files import File, changed, file_body
from localcloud.github.commits.model import Commit, between, log, read
from localcloud.github.git.repository import git, merge_base, resolve
from localcloud.github.repositories.bodies import html_url, url
from localcloud.github.repositories.model import Repository
from localcloud.github.repositories.routes import REPO

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
MOST = 250  # commits, and 300 files, are all that a comparison tells of


def commit_of(repository: Repository, name: str) -> str | None:
    """The commit of a branch, a tag, a ref's end such as `heads/main`, or an id."""
    for place in (repository.heads, f"{repository.refs}/tags/", f"{repository.refs}/"):
        if sha := resolve(f"{place}{name}"):
            return sha
    plain = all(letter in "0123456789abcdef" for letter in name) and len(name) >= 4
    return resolve(name) if plain else None


def sha_of(call: Call) -> str:
    """The commit in the path, in GitHub's words where there is none."""
    name = call.parts["ref"]
    sha = commit_of(call.repository, name)
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {name}")
    return sha


def listing(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/commits"""
    start = commit_of(call.repository, call.query("sha", call.repository.default_branch))
    if start is None:
        raise NotFoundError
    options = [f"--{name}={call.query(name)}" for name in ("author", "since", "until") if call.query(name)]
    paths = [call.query("path")] if call.query("path") else []
    found = log(*options, start, "--", *paths)
    return page(call, found, lambda one: commit_body(call.github, call.repository, one))


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/commits/{ref}"""
    sha, accept = sha_of(call), call.request.headers.get("Accept", "")
    if "sha" in accept:
        return Reply(sha, content_type="application/vnd.github.sha; charset=utf-8")
    commit = read(sha)
    parent = commit.parents[0] if commit.parents else EMPTY_TREE
    if text := as_text(accept, parent, sha):
        return text
    files = changed(parent, sha)
    counts = {"additions": sum(one.additions for one in files), "deletions": sum(one.deletions for one in files)}
    return Reply(
        {
            **commit_body(call.github, call.repository, commit),
            "stats": {**counts, "total": sum(counts.values())},
            "files": _files(call.repository, sha, files),
        }
    )


def compare(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/compare/{basehead}"""
    names = call.parts["basehead"].split("...")
    base, head = (_side(call, name) for name in names) if len(names) == 2 else (None, None)
    if base is None or head is None:
        raise NotFoundError
    middle = merge_base(base, head)
    if middle is None:
        raise ApiError(404, f"No common ancestor between {names[0]} and {names[1]}.")
    if text := as_text(call.request.headers.get("Accept", ""), middle, head):
        return text
    ahead, behind, repository = between(base, head), between(head, base), call.repository
    shown = page(call, ahead, lambda one: commit_body(call.github, repository, one))
    address, place = html_url(repository), f"{call.parts['basehead']}"
    return Reply(
        {
            "url": f"{url(repository)}/compare/{place}",
            "html_url": f"{address}/compare/{place}",
            "permalink_url": f"{address}/compare/{base[:7]}...{head[:7]}",
            "diff_url": f"{address}/compare/{place}.diff",
            "patch_url": f"{address}/compare/{place}.patch",
            "base_commit": _commit(call, read(base)),
            "merge_base_commit": _commit(call, read(middle)),
            "status": _status(ahead, behind),
            "ahead_by": len(ahead),
            "behind_by": len(behind),
            "total_commits": len(ahead),
            "commits": shown.value if call.query("page") or call.query("per_page") else _all(call, ahead),
            "files": _files(repository, head, changed(middle, head)),
        },
        headers=shown.headers,
    )


def as_text(accept: str, base: str, head: str) -> Reply | None:
    """A difference as a client may want it instead of a document."""
    if "diff" in accept:
        return Reply(git("diff", "-M", base, head), content_type="application/vnd.github.diff; charset=utf-8")
    if "patch" in accept:
        text = git("format-patch", "--stdout", f"{base}..{head}")
        return Reply(text, content_type="application/vnd.github.patch; charset=utf-8")
    return None


def _side(call: Call, name: str) -> str | None:
    owner, _, branch = name.rpartition(":")
    repository: Repository | None = call.repository
    if owner and owner.lower() != call.repository.owner.lower():
        repository = call.github.store.get(Repository, f"{owner}/{call.repository.name}".lower())
    return commit_of(repository, branch) if repository else None


def _status(ahead: list[Commit], behind: list[Commit]) -> str:
    if ahead and behind:
        return "diverged"
    return "ahead" if ahead else "behind" if behind else "identical"


def _commit(call: Call, commit: Commit) -> dict[str, Any]:
    return commit_body(call.github, call.repository, commit)


def _all(call: Call, commits: list[Commit]) -> list[dict[str, Any]]:
    return [_commit(call, commit) for commit in commits[:MOST]]


def _files(repository: Repository, sha: str, files: list[File]) -> list[dict[str, Any]]:
    return [file_body(repository, sha, file) for file in files[:300]]


routes = [
    Route("GET", f"{REPO}/commits", listing, "contents", docs="commits/commits#list-commits"),
    Route("GET", f"{REPO}/commits/{{ref:path}}", get, "contents", docs="commits/commits#get-a-commit"),
    Route(
        "GET", f"{REPO}/compare/{{basehead:path}}", compare, "contents", docs="commits/commits#compare-two-commits"
    ),
]
