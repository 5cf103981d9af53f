"""A job that waits before an environment, and what its reviewers said: what runs of workflows ask for.

A review is of those that wait when it is given: the next job of the same run asks anew, as GitHub's does.
https://docs.github.com/en/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from localcloud.github.access.caller import Caller
from localcloud.github.api.call import Body
from localcloud.github.api.errors import ApiError
from localcloud.github.environments.model import Environment
from localcloud.github.repositories.bodies import html_url, url
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, Record, node_id, now
from localcloud.github.users.bodies import user_named
from localcloud.machine import clock

State = Literal["waiting", "approved", "rejected"]


class Pending(Record):
    """A job before an environment; its id is `job environment`."""

    kind: ClassVar[str] = "pending_deployment"

    run_id: int
    job_id: int = 0
    environment: str
    """Its id."""
    actor: str
    """Who has started the run."""
    since: str
    state: State = "waiting"
    by: str = ""
    comment: str = ""
    review: int = 0
    """Which one said that: it may be about several jobs."""


class ReviewPost(Body):
    """POST of a review of pending deployments."""

    environment_ids: list[int]
    state: Literal["approved", "rejected"]
    comment: str


def wait(github: GitHub, environment: Environment, run_id: int, job_id: int, actor: str) -> Pending:
    """Have a job wait there; what was said of it before still holds."""
    key = f"{job_id} {environment.id}"
    found = github.store.get(Pending, key)
    made = Pending(id=key, run_id=run_id, job_id=job_id, environment=environment.id, actor=actor, since=now())
    return found or github.store.put(made)


def give_up(github: GitHub, job_id: int) -> None:
    """The job is over: nobody is asked about it any more."""
    for pending in github.store.all(Pending, lambda one: one.job_id == job_id and one.state == "waiting"):
        github.store.remove(pending)


def state_of(github: GitHub, pending: Pending) -> State:
    """Whether it may go on: rejected by anybody, else approved by a reviewer and past the timer."""
    environment = github.store.find(Environment, pending.environment)
    if pending.state == "rejected":
        return "rejected"
    if environment.reviewers and pending.state != "approved":
        return "waiting"
    return "approved" if clock.now() >= _until(environment, pending) else "waiting"


def waiting(github: GitHub, run_id: int) -> list[Pending]:
    """Where jobs of a run wait."""
    found = github.store.all(Pending, lambda one: one.run_id == run_id)
    return [pending for pending in found if state_of(github, pending) == "waiting"]


def may_approve(environment: Environment, pending: Pending, who: Caller) -> bool:
    """Whether somebody is asked: a reviewer, but not of the own run where that is prevented."""
    own = environment.prevent_self_review and who.login.lower() == pending.actor.lower()
    return not who.is_job and not own and who.login.lower() in {name.lower() for name in environment.reviewers}


def review(github: GitHub, run_id: int, who: Caller, want: ReviewPost) -> list[Environment]:
    """Approve or reject where a run waits; the environments of which that was said."""
    found = [(github.store.find(Environment, pending.environment), pending) for pending in waiting(github, run_id)]
    found = [(environment, pending) for environment, pending in found if environment.number in want.environment_ids]
    environments = {environment.number: environment for environment, _ in found}
    if missing := set(want.environment_ids) - set(environments):
        raise ApiError(422, f"No pending deployment requests to approve or reject in {sorted(missing)}")
    if not all(may_approve(environment, pending, who) for environment, pending in found):
        raise ApiError(403, "You are not allowed to approve or reject this deployment.")
    number = github.number("review of deployments")
    for _, pending in found:
        github.store.change(pending, state=want.state, by=who.login, comment=want.comment, review=number)
    return [*environments.values()]


def pending_body(github: GitHub, repository: Repository, pending: Pending, who: Caller) -> dict[str, Any]:
    """As the list of a run's pending deployments has it."""
    environment = github.store.find(Environment, pending.environment)
    return {
        "environment": short_body(repository, environment),
        "wait_timer": environment.wait_timer,
        "wait_timer_started_at": pending.since,
        "current_user_can_approve": may_approve(environment, pending, who),
        "reviewers": [{"type": "User", "reviewer": user_named(github, login)} for login in environment.reviewers],
    }


def approvals_body(github: GitHub, repository: Repository, run_id: int) -> list[dict[str, Any]]:
    """What was said of a run: `/actions/runs/{run_id}/approvals`."""
    said = github.store.all(Pending, lambda one: one.run_id == run_id and bool(one.by))
    return [
        {
            "state": pending.state,
            "comment": pending.comment,
            "environments": [short_body(repository, github.store.find(Environment, pending.environment))],
            "user": user_named(github, pending.by),
        }
        for pending in {(one.review, one.environment): one for one in said}.values()
    ]


def short_body(repository: Repository, environment: Environment) -> dict[str, Any]:
    """An environment inside another document."""
    return {
        "id": environment.number,
        "node_id": node_id("EN", environment.number),
        "name": environment.name,
        "url": f"{url(repository)}/environments/{environment.name}",
        "html_url": f"{html_url(repository)}/deployments/activity_log?environments_filter={environment.name}",
    }


def _until(environment: Environment, pending: Pending) -> datetime:
    return datetime.fromisoformat(pending.since) + timedelta(minutes=environment.wait_timer)
