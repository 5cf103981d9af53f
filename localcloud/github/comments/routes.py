"""Comments on issues and pull requests. https://docs.github.com/en/rest/issues/comments"""

from __future__ import annotations

from typing import Any

from localcloud.github.api.call import Body, Call, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError, invalid
from localcloud.github.api.pages import page
from localcloud.github.comments.model import Comment
from localcloud.github.issues import life
from localcloud.github.issues.bodies import association, reactions
from localcloud.github.issues.model import Issue
from localcloud.github.issues.routes import READ, of_call
from localcloud.github.repositories.bodies import html_url, url
from localcloud.github.repositories.routes import REPO
from localcloud.github.store import node_id, now
from localcloud.github.users.bodies import user_named
from localcloud.github.users.model import known

LONGEST = 65_536


class CommentPost(Body):
    """POST and PATCH of one."""

    body: str


def listing(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/issues/{number}/comments: the oldest first."""
    issue = of_call(call)
    found = call.github.store.all(
        Comment, lambda one: one.issue == issue.id and one.updated_at >= call.query("since")
    )
    return page(call, found, lambda one: _body(call, one))


def of_repository(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/issues/comments"""
    found = call.github.store.all(Comment, lambda one: one.repository == call.repository.id)
    return page(call, found[::-1] if call.query("direction") == "desc" else found, lambda one: _body(call, one))


def create(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/issues/{number}/comments"""
    text, issue, moment = _text(call), of_call(call), now()
    number = call.github.number("comment")
    made = call.github.store.put(
        Comment(
            id=str(number),
            repository=call.repository.id,
            issue=issue.id,
            number=number,
            user=call.who.login,
            body=text,
            created_at=moment,
            updated_at=moment,
        )
    )
    _tell(call, call.github.store.change(issue, updated_at=moment), "created", made)
    return Reply(_body(call, made), 201)


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/issues/comments/{comment}"""
    return Reply(_body(call, _found(call)))


def patch(call: Call) -> Reply:
    """PATCH /repos/{owner}/{repo}/issues/comments/{comment}"""
    text, comment = _text(call), _own(call)
    changed = call.github.store.change(comment, body=text, updated_at=now())
    _tell(call, call.github.store.find(Issue, changed.issue), "edited", changed)
    return Reply(_body(call, changed))


def delete(call: Call) -> Reply:
    """DELETE /repos/{owner}/{repo}/issues/comments/{comment}"""
    comment = _own(call)
    call.github.store.remove(comment)
    _tell(call, call.github.store.find(Issue, comment.issue), "deleted", comment)
    return Reply(None, 204)


def _text(call: Call) -> str:
    text = call.body(CommentPost).body
    if not text.strip():
        raise invalid("IssueComment", "body", "missing_field", "Body cannot be blank")
    if len(text) > LONGEST:
        message = f"body is too long (maximum is {LONGEST} characters)"
        raise invalid("IssueComment", "body", "custom", message)
    return text


def _found(call: Call) -> Comment:
    found = call.github.store.get(Comment, str(call.number("comment")))
    if found is None or found.repository != call.repository.id:
        raise NotFoundError
    return found


def _own(call: Call) -> Comment:
    """A comment is changed by who has written it, or who may write to the repository."""
    found, who = _found(call), call.who
    if not who.is_job and not who.has_role("write") and found.user.lower() != who.login.lower():
        raise ApiError(403, "Must have admin rights to Repository.")
    return found


def _tell(call: Call, issue: Issue, action: str, comment: Comment) -> None:
    body = _body(call, comment)
    life.tell(call.github, issue, action, call.who.login, by_job=call.who.is_job, comment=body)


def _body(call: Call, comment: Comment) -> dict[str, Any]:
    issue = call.github.store.find(Issue, comment.issue)
    kind = "pull" if issue.is_pull else "issues"
    address = f"{url(call.repository)}/issues/comments/{comment.number}"
    return {
        "id": comment.number,
        "node_id": node_id("IC", comment.number),
        "url": address,
        "html_url": f"{html_url(call.repository)}/{kind}/{issue.number}#issuecomment-{comment.number}",
        "body": comment.body,
        "user": user_named(call.github, comment.user),
        "created_at": comment.created_at,
        "updated_at": comment.updated_at,
        "issue_url": f"{url(call.repository)}/issues/{issue.number}",
        "author_association": association(known(call.github, comment.user)),
        "reactions": reactions(f"{address}/reactions"),
        "performed_via_github_app": None,
    }


ALL, DOCS = f"{REPO}/issues/{{number}}/comments", "issues/comments"
ONE = f"{REPO}/issues/comments/{{comment}}"
routes = [
    Route("GET", ALL, listing, READ, docs=f"{DOCS}#list-issue-comments"),
    Route("POST", ALL, create, READ, "write", f"{DOCS}#create-an-issue-comment", role="read"),
    Route("GET", f"{REPO}/issues/comments", of_repository, READ, docs=f"{DOCS}#list-issue-comments-for-a-repository"),
    Route("GET", ONE, get, READ, docs=f"{DOCS}#get-an-issue-comment"),
    Route("PATCH", ONE, patch, READ, "write", f"{DOCS}#update-an-issue-comment", role="read"),
    Route("DELETE", ONE, delete, READ, "write", f"{DOCS}#delete-an-issue-comment", role="read"),
]
