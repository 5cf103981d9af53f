"""Labels. https://docs.github.com/en/rest/issues/labels"""

from __future__ import annotations

from pydantic import Field

from localcloud.github.api.call import Body, Call, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError, invalid
from localcloud.github.api.pages import page
from localcloud.github.issues import life
from localcloud.github.issues.model import Issue
from localcloud.github.issues.routes import READ, of_call
from localcloud.github.labels.model import GREY, Label, label_body, label_id, used
from localcloud.github.repositories.routes import REPO


class LabelPost(Body):
    """POST of one."""

    name: str = Field(min_length=1)
    color: str = Field(default=GREY, pattern="^[0-9a-fA-F]{6}$")
    description: str | None = None


class LabelPatch(Body):
    """PATCH of one."""

    color: str | None = Field(default=None, pattern="^[0-9a-fA-F]{6}$")
    description: str | None = None


class Names(Body):
    """Labels by name."""

    labels: list[str] = Field(default_factory=list)


def listing(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/labels"""
    found = call.github.store.all(Label, lambda one: one.repository == call.repository.id)
    return page(call, found, lambda one: label_body(call.repository, one))


def create(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/labels"""
    want = call.body(LabelPost)
    if call.github.store.get(Label, label_id(call.repository, want.name)):
        raise invalid("Label", "name", "already_exists")
    made = used(call.github, call.repository, want.name)
    changed = call.github.store.change(made, color=want.color.lower(), description=want.description)
    return Reply(label_body(call.repository, changed), 201)


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/labels/{name}"""
    return Reply(label_body(call.repository, _found(call)))


def patch(call: Call) -> Reply:
    """PATCH /repos/{owner}/{repo}/labels/{name}: its name stays."""
    want = call.body(LabelPatch)
    fields = {name: value for name, value in want.sent().items() if value is not None}
    return Reply(label_body(call.repository, call.github.store.change(_found(call), **fields)))


def delete(call: Call) -> Reply:
    """DELETE /repos/{owner}/{repo}/labels/{name}: also from every issue."""
    label = _found(call)
    for issue in call.github.store.all(Issue, lambda one: one.repository == call.repository.id):
        if label.name in issue.labels:
            left = tuple(name for name in issue.labels if name != label.name)
            call.github.store.change(issue, labels=left)
    call.github.store.remove(label)
    return Reply(None, 204)


def of_issue(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/issues/{number}/labels"""
    return _shown(call, of_call(call))


def add(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/issues/{number}/labels"""
    issue = of_call(call)
    return _set(call, issue, [*issue.labels, *call.body(Names).labels])


def replace(call: Call) -> Reply:
    """PUT /repos/{owner}/{repo}/issues/{number}/labels"""
    return _set(call, of_call(call), call.body(Names).labels)


def remove(call: Call) -> Reply:
    """DELETE /repos/{owner}/{repo}/issues/{number}/labels/{name}"""
    issue, name = of_call(call), call.parts["name"].lower()
    left = [one for one in issue.labels if one.lower() != name]
    if len(left) == len(issue.labels):
        raise ApiError(404, "Label does not exist")
    return _set(call, issue, left)


def _set(call: Call, issue: Issue, names: list[str]) -> Reply:
    own = tuple(dict.fromkeys(used(call.github, call.repository, name).name for name in names))
    return _shown(call, life.edit(call.github, issue, {"labels": own}, call.who.login, by_job=call.who.is_job))


def _shown(call: Call, issue: Issue) -> Reply:
    found = [used(call.github, call.repository, name) for name in issue.labels]
    return page(call, found, lambda one: label_body(call.repository, one))


def _found(call: Call) -> Label:
    found = call.github.store.get(Label, label_id(call.repository, call.parts["name"]))
    if found is None:
        raise NotFoundError
    return found


ALL, DOCS = f"{REPO}/labels", "issues/labels"
ONE, OF = f"{ALL}/{{name}}", f"{REPO}/issues/{{number}}/labels"
routes = [
    Route("GET", ALL, listing, READ, docs=f"{DOCS}#list-labels-for-a-repository"),
    Route("POST", ALL, create, READ, "write", f"{DOCS}#create-a-label"),
    Route("GET", ONE, get, READ, docs=f"{DOCS}#get-a-label"),
    Route("PATCH", ONE, patch, READ, "write", f"{DOCS}#update-a-label"),
    Route("DELETE", ONE, delete, READ, "write", f"{DOCS}#delete-a-label"),
    Route("GET", OF, of_issue, READ, docs=f"{DOCS}#list-labels-for-an-issue"),
    Route("POST", OF, add, READ, "write", f"{DOCS}#add-labels-to-an-issue"),
    Route("PUT", OF, replace, READ, "write", f"{DOCS}#set-labels-for-an-issue"),
    Route("DELETE", f"{OF}/{{name}}", remove, READ, "write", f"{DOCS}#remove-a-label-from-an-issue"),
]
