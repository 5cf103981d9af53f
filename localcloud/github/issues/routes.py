"""Issues, their labels and who is to look at them. https://docs.github.com/en/rest/issues/issues"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from localcloud.github.api.call import Body, Call, Reply, Route
from localcloud.github.api.errors import NotFoundError, invalid
from localcloud.github.api.pages import page
from localcloud.github.issues import life
from localcloud.github.issues.bodies import issue_body
from localcloud.github.issues.model import Issue, issue_id
from localcloud.github.labels.model import used
from localcloud.github.pulls import life as pulls
from localcloud.github.pulls.model import Pull
from localcloud.github.repositories.routes import REPO
from localcloud.github.users.model import User, known


class LabelName(Body):
    """A label in a list, which may hold bare names as well."""

    name: str


class IssuePost(Body):
    """POST of one."""

    title: str
    body: str | None = None
    labels: list[str | LabelName] = Field(default_factory=list)
    assignees: list[str] = Field(default_factory=list)


class IssuePatch(Body):
    """PATCH of one."""

    title: str | None = None
    body: str | None = None
    state: Literal["open", "closed"] | None = None
    state_reason: Literal["completed", "not_planned", "reopened", "duplicate"] | None = None
    labels: list[str | LabelName] | None = None
    assignees: list[str] | None = None


def of_call(call: Call) -> Issue:
    """The one in the path, or 404."""
    found = call.github.store.get(Issue, issue_id(call.repository, call.number("number")))
    if found is None:
        raise NotFoundError
    return found


def listing(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/issues: with the pull requests, the newest first."""
    state, labels = call.query("state", "open"), [name for name in call.query("labels").lower().split(",") if name]
    creator, assignee = call.query("creator").lower(), call.query("assignee").lower()
    found = [
        issue
        for issue in call.github.store.all(Issue, lambda one: one.repository == call.repository.id)
        if state in {"all", issue.state}
        and {name.lower() for name in issue.labels} >= set(labels)
        and creator in {"", issue.user.lower()}
        and (not assignee or _is_assigned(issue, assignee))
        and issue.updated_at >= call.query("since")
    ]
    if call.query("sort", "created") == "updated":
        found.sort(key=lambda one: one.updated_at)
    ascending = call.query("direction", "desc") == "asc"
    return page(call, found if ascending else found[::-1], lambda one: issue_body(call.github, one))


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/issues/{number}"""
    return Reply(issue_body(call.github, of_call(call)))


def create(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/issues: labels and assignees of who may not write are dropped."""
    want, who = call.body(IssuePost), call.who
    if not want.title.strip():
        raise invalid("Issue", "title", "missing_field")
    writes = who.is_job or who.has_role("write")
    made = life.open_(
        call.github,
        call.repository,
        want.title,
        want.body,
        who.login,
        labels=_labels(call, want.labels) if writes else (),
        assignees=_people(call, want.assignees) if writes else (),
        by_job=who.is_job,
    )
    return Reply(issue_body(call.github, made), 201)


def patch(call: Call) -> Reply:
    """PATCH /repos/{owner}/{repo}/issues/{number}"""
    want, issue, who = call.body(IssuePatch), of_call(call), call.who
    fields = {name: value for name, value in want.sent().items() if name in {"title", "body"}}
    if want.labels is not None:
        fields["labels"] = _labels(call, want.labels)
    if want.assignees is not None:
        fields["assignees"] = _people(call, want.assignees)
    issue = life.edit(call.github, issue, fields, who.login, by_job=who.is_job) if fields else issue
    if want.state in {None, issue.state}:
        return Reply(issue_body(call.github, issue))
    if issue.is_pull:
        pull = call.github.store.find(Pull, issue.id)
        change = pulls.close if want.state == "closed" else pulls.reopen
        change(call.github, pull, who.login, by_job=who.is_job)
    elif want.state == "closed":
        life.close(call.github, issue, want.state_reason or "completed", who.login, by_job=who.is_job)
    else:
        life.reopen(call.github, issue, who.login, by_job=who.is_job)
    return Reply(issue_body(call.github, of_call(call)))


def add_assignees(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/issues/{number}/assignees"""
    issue, who = of_call(call), call.who
    names = (*issue.assignees, *_people(call, call.body(IssuePatch).assignees or []))
    fields = {"assignees": tuple(dict.fromkeys(names))}
    return Reply(issue_body(call.github, life.edit(call.github, issue, fields, who.login, by_job=who.is_job)), 201)


def _is_assigned(issue: Issue, assignee: str) -> bool:
    if assignee in {"*", "none"}:
        return bool(issue.assignees) == (assignee == "*")
    return assignee in {name.lower() for name in issue.assignees}


def _labels(call: Call, given: list[str | LabelName]) -> tuple[str, ...]:
    names = [one if isinstance(one, str) else one.name for one in given]
    return tuple(dict.fromkeys(used(call.github, call.repository, name).name for name in names))


def _people(call: Call, given: list[str]) -> tuple[str, ...]:
    """Who has no access is dropped, as GitHub does."""
    found = [user for login in given if (user := call.github.store.get(User, login.lower()))]
    return tuple(dict.fromkeys(known(call.github, user.login).login for user in found))


ALL, DOCS = f"{REPO}/issues", "issues/issues"
ONE = f"{ALL}/{{number}}"
READ, WRITE = "issues|pull_requests", "issues"
routes = [
    Route("GET", ALL, listing, READ, docs=f"{DOCS}#list-repository-issues"),
    Route("POST", ALL, create, WRITE, "write", f"{DOCS}#create-an-issue", role="read"),
    Route("GET", ONE, get, READ, docs=f"{DOCS}#get-an-issue"),
    Route("PATCH", ONE, patch, READ, "write", f"{DOCS}#update-an-issue"),
    Route("POST", f"{ONE}/assignees", add_assignees, READ, "write", "issues/assignees#add-assignees-to-an-issue"),
]
