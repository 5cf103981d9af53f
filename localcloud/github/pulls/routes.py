"""Pull requests. https://docs.github.com/en/rest/pulls/pulls"""

from __future__ import annotations

from localcloud.github.api.call import Call, Reply, Route
from localcloud.github.api.errors import NotFoundError, custom, invalid
from localcloud.github.api.pages import page
from localcloud.github.comments.model import Comment
from localcloud.github.commits.bodies import commit_body
from localcloud.github.commits.files import changed, file_body
from localcloud.github.commits.model import between
from localcloud.github.commits.routes import as_text
from localcloud.github.git.repository import is_ancestor, merge_base, resolve
from localcloud.github.issues.model import Issue, issue_id
from localcloud.github.protection.rules import state_of
from localcloud.github.pulls import life
from localcloud.github.pulls.bodies import PullPatch, PullPost, pull_body, whole_pull_body
from localcloud.github.pulls.merging import test_merge
from localcloud.github.pulls.model import Pull
from localcloud.github.repositories.model import Repository
from localcloud.github.repositories.routes import REPO
from localcloud.github.store import now


def of_call(call: Call) -> Pull:
    """The one in the path, or 404."""
    found = call.github.store.get(Pull, issue_id(call.repository, call.number("number")))
    if found is None:
        raise NotFoundError
    return found


def listing(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/pulls: the newest first."""
    both = life.of(call.github, call.repository, state=call.query("state", "open"))
    owner, _, branch = call.query("head").rpartition(":")
    found = [
        pull
        for pull, _ in both
        if call.query("base") in {"", pull.base_ref}
        and branch in {"", pull.head_ref}
        and owner.lower() in {"", pull.head_repository.partition("/")[0]}
    ]
    if call.query("sort", "created") != "created":
        found.sort(key=lambda one: call.github.store.find(Issue, one.id).updated_at)
    ascending = call.query("direction", "desc" if call.query("sort", "created") == "created" else "asc") == "asc"
    return page(call, found if ascending else found[::-1], lambda one: pull_body(call.github, one))


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/pulls/{number}: also as a difference or as patches."""
    pull = of_call(call)
    text = as_text(call.request.headers.get("Accept", ""), _base(pull), pull.head_sha)
    return text or _whole(call, pull)


def create(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/pulls"""
    want, base = call.body(PullPost), call.repository
    if not want.title:
        raise invalid("Issue", "title", "missing_field")
    owner, _, branch = want.head.rpartition(":")
    head = _head_repository(call, base, owner)
    base_sha = resolve(f"{base.heads}{want.base}")
    head_sha = resolve(f"{head.heads}{branch}") if head else None
    if base_sha is None:
        raise invalid("PullRequest", "base")
    if head is None or head_sha is None:
        raise invalid("PullRequest", "head")
    for pull, _ in life.of(call.github, base):
        if (pull.head_repository, pull.head_ref, pull.base_ref) == (head.id, branch, want.base):
            raise custom("PullRequest", f"A pull request already exists for {head.owner}:{branch}.")
    if is_ancestor(head_sha, base_sha):
        raise custom("PullRequest", f"No commits between {want.base} and {want.head}")
    fields = {
        "title": want.title,
        "body": want.body,
        "draft": want.draft,
        "head_ref": branch,
        "base_ref": want.base,
        "maintainer_can_modify": want.maintainer_can_modify,
    }
    made = life.open_(call.github, base, head, fields, call.who.login, by_job=call.who.is_job)
    return Reply(_whole(call, made).value, 201)


def patch(call: Call) -> Reply:
    """PATCH /repos/{owner}/{repo}/pulls/{number}"""
    want, pull = call.body(PullPatch), of_call(call)
    issue, actor, by_job = call.github.store.find(Issue, pull.id), call.who.login, call.who.is_job
    if want.base is not None and want.base != pull.base_ref:
        sha = resolve(f"{call.repository.heads}{want.base}")
        if sha is None:
            raise invalid("PullRequest", "base")
        pull = test_merge(call.github, call.github.store.change(pull, base_ref=want.base, base_sha=sha))
    words = {name: value for name, value in want.sent().items() if name in {"title", "body"}}
    if words:
        call.github.store.change(issue, **words, updated_at=now())
    if words or want.base is not None:
        life.tell(call.github, pull, "edited", actor, by_job=by_job)
    if want.state == "closed" and issue.state == "open":
        life.close(call.github, pull, actor, by_job=by_job)
    if want.state == "open" and issue.state == "closed":
        life.reopen(call.github, pull, actor, by_job=by_job)
    return _whole(call, call.github.store.find(Pull, pull.id))


def commits(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/pulls/{number}/commits: the oldest first."""
    pull = of_call(call)
    found = between(_base(pull), pull.head_sha)
    return page(call, found, lambda one: commit_body(call.github, call.repository, one))


def files(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/pulls/{number}/files"""
    pull = of_call(call)
    found = changed(_base(pull), pull.head_sha)
    return page(call, found, lambda one: file_body(call.repository, pull.head_sha, one))


def _base(pull: Pull) -> str:
    """Where the head left the base; that of a merged one is as it was before."""
    return merge_base(pull.base_sha, pull.head_sha) or pull.base_sha


def _head_repository(call: Call, base: Repository, owner: str) -> Repository | None:
    if not owner or owner.lower() == base.owner.lower():
        return base
    return call.github.store.get(Repository, f"{owner}/{base.name}".lower())


def _whole(call: Call, pull: Pull) -> Reply:
    state = state_of(call.github, call.repository, pull)
    comments = call.github.store.all(Comment, lambda one: one.issue == pull.id)
    return Reply(whole_pull_body(call.github, pull, state, len(comments)))


ONE = f"{REPO}/pulls/{{number}}"
routes = [
    Route("GET", f"{REPO}/pulls", listing, "pull_requests", docs="pulls/pulls#list-pull-requests"),
    Route(
        "POST", f"{REPO}/pulls", create, "pull_requests", "write", "pulls/pulls#create-a-pull-request", role="read"
    ),
    Route("GET", ONE, get, "pull_requests", docs="pulls/pulls#get-a-pull-request"),
    Route("PATCH", ONE, patch, "pull_requests", "write", docs="pulls/pulls#update-a-pull-request"),
    Route("GET", f"{ONE}/commits", commits, "pull_requests", docs="pulls/pulls#list-commits-on-a-pull-request"),
    Route("GET", f"{ONE}/files", files, "pull_requests", docs="pulls/pulls#list-pull-requests-files"),
]
