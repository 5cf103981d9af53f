"""Reviews of pull requests. https://docs.github.com/en/rest/pulls/reviews"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from localcloud.github.api.call import Body, Call, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.api.pages import page
from localcloud.github.issues.bodies import association
from localcloud.github.issues.model import Issue
from localcloud.github.pulls import life
from localcloud.github.pulls.bodies import pull_body
from localcloud.github.pulls.model import Pull
from localcloud.github.pulls.routes import ONE, of_call
from localcloud.github.repositories.bodies import html_url, url
from localcloud.github.reviews.model import Review, State, of
from localcloud.github.store import node_id, now
from localcloud.github.users.bodies import user_named
from localcloud.github.users.model import User, known

STATES: dict[str, State] = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


class ReviewPost(Body):
    """POST of one; comments on lines are not kept here."""

    body: str = ""
    event: Literal["APPROVE", "REQUEST_CHANGES", "COMMENT"] = "COMMENT"
    commit_id: str | None = None


class DismissalPut(Body):
    """PUT of a dismissal."""

    message: str


class Reviewers(Body):
    """Who is asked for a review."""

    reviewers: list[str] = Field(default_factory=list)


def create(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/pulls/{number}/reviews"""
    want, pull, who = call.body(ReviewPost), of_call(call), call.who
    author = call.github.store.find(Issue, pull.id).user
    if want.event != "COMMENT" and author.lower() == who.login.lower():
        deed = "approve" if want.event == "APPROVE" else "request changes on"
        raise ApiError(422, "Unprocessable Entity", [f"Can not {deed} your own pull request"])
    if want.event == "APPROVE" and who.is_job:
        message = "GitHub Actions is not permitted to approve pull requests."
        raise ApiError(422, "Unprocessable Entity", [message])
    if want.event != "APPROVE" and not want.body:
        raise ApiError(422, "Unprocessable Entity", ["Body can't be blank"])
    number = call.github.number("review")
    made = call.github.store.put(
        Review(
            id=str(number),
            pull=pull.id,
            number=number,
            user=who.login,
            state=STATES[want.event],
            body=want.body,
            commit_id=want.commit_id or pull.head_sha,
            submitted_at=now(),
        )
    )
    life.tell_review(call.github, pull, "submitted", who.login, _body(call, pull, made), by_job=who.is_job)
    return Reply(_body(call, pull, made))


def listing(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/pulls/{number}/reviews: the oldest first."""
    pull = of_call(call)
    return page(call, of(call.github, pull), lambda one: _body(call, pull, one))


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/pulls/{number}/reviews/{review}"""
    pull = of_call(call)
    return Reply(_body(call, pull, _found(call, pull)))


def dismiss(call: Call) -> Reply:
    """PUT /repos/{owner}/{repo}/pulls/{number}/reviews/{review}/dismissals"""
    call.body(DismissalPut)
    pull = of_call(call)
    review = _found(call, pull)
    if review.state not in {"APPROVED", "CHANGES_REQUESTED"}:
        raise ApiError(422, "Can not dismiss a commented pull request review")
    changed = call.github.store.change(review, state="DISMISSED")
    return Reply(_body(call, pull, changed))


def ask(call: Call) -> Reply:
    """POST /repos/{owner}/{repo}/pulls/{number}/requested_reviewers"""
    want, pull = call.body(Reviewers), of_call(call)
    author = call.github.store.find(Issue, pull.id).user.lower()
    if author in {login.lower() for login in want.reviewers}:
        raise ApiError(422, "Review cannot be requested from pull request author.")
    names = tuple(dict.fromkeys([*pull.reviewers, *(known(call.github, login).login for login in want.reviewers)]))
    return Reply(pull_body(call.github, call.github.store.change(pull, reviewers=names)), 201)


def asked(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/pulls/{number}/requested_reviewers"""
    return Reply({"users": [user_named(call.github, login) for login in of_call(call).reviewers], "teams": []})


def unask(call: Call) -> Reply:
    """DELETE /repos/{owner}/{repo}/pulls/{number}/requested_reviewers"""
    dropped, pull = {login.lower() for login in call.body(Reviewers).reviewers}, of_call(call)
    names = tuple(login for login in pull.reviewers if login.lower() not in dropped)
    return Reply(pull_body(call.github, call.github.store.change(pull, reviewers=names)))


def _found(call: Call, pull: Pull) -> Review:
    found = call.github.store.get(Review, str(call.number("review")))
    if found is None or found.pull != pull.id:
        raise NotFoundError
    return found


def _body(call: Call, pull: Pull, review: Review) -> dict[str, Any]:
    place, address = f"{html_url(call.repository)}/pull/{pull.number}", f"{url(call.repository)}/pulls/{pull.number}"
    page_ = f"{place}#pullrequestreview-{review.number}"
    user: User = known(call.github, review.user)
    return {
        "id": review.number,
        "node_id": node_id("PRR", review.number),
        "user": user_named(call.github, review.user),
        "body": review.body,
        "state": review.state,
        "html_url": page_,
        "pull_request_url": address,
        "author_association": association(user),
        "_links": {"html": {"href": page_}, "pull_request": {"href": address}},
        "submitted_at": review.submitted_at,
        "commit_id": review.commit_id,
    }


ALL, DOCS = f"{ONE}/reviews", "pulls/reviews"
ASKED = f"{ONE}/requested_reviewers"
routes = [
    Route("GET", ALL, listing, "pull_requests", docs=f"{DOCS}#list-reviews-for-a-pull-request"),
    Route("POST", ALL, create, "pull_requests", "write", f"{DOCS}#create-a-review-for-a-pull-request", role="read"),
    Route("GET", f"{ALL}/{{review}}", get, "pull_requests", docs=f"{DOCS}#get-a-review-for-a-pull-request"),
    Route(
        "PUT",
        f"{ALL}/{{review}}/dismissals",
        dismiss,
        "pull_requests",
        "write",
        f"{DOCS}#dismiss-a-review-for-a-pull-request",
    ),
    Route("GET", ASKED, asked, "pull_requests", docs="pulls/review-requests#get-all-requested-reviewers"),
    Route("POST", ASKED, ask, "pull_requests", "write", "pulls/review-requests#request-reviewers"),
    Route("DELETE", ASKED, unask, "pull_requests", "write", "pulls/review-requests#remove-requested-reviewers"),
]
