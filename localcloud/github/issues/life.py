"""How an issue opens, changes and closes."""

from __future__ import annotations

from typing import Any, Literal

from localcloud.github.events import Event
from localcloud.github.git.repository import ZERO, resolve
from localcloud.github.issues.bodies import issue_body
from localcloud.github.issues.model import Issue, issue_id, next_number
from localcloud.github.labels.model import label_body, used
from localcloud.github.pulls import life as pulls
from localcloud.github.pulls.model import Pull
from localcloud.github.repositories.bodies import repository_body
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, now
from localcloud.github.users.bodies import user_named

Reason = Literal["completed", "not_planned", "reopened", "duplicate"]


def open_(
    github: GitHub,
    repository: Repository,
    title: str,
    body: str | None,
    actor: str,
    *,
    labels: tuple[str, ...],
    assignees: tuple[str, ...],
    by_job: bool,
) -> Issue:
    """Open one."""
    number, moment = next_number(github, repository), now()
    made = github.store.put(
        Issue(
            id=issue_id(repository, number),
            repository=repository.id,
            number=number,
            title=title,
            body=body,
            user=actor,
            labels=labels,
            assignees=assignees,
            created_at=moment,
            updated_at=moment,
        )
    )
    tell(github, made, "opened", actor, by_job=by_job)
    return made


def edit(github: GitHub, issue: Issue, fields: dict[str, Any], actor: str, *, by_job: bool) -> Issue:
    """Change what it says."""
    changed = github.store.change(issue, **fields, updated_at=now())
    action = "labeled" if set(fields) == {"labels"} else "edited"
    tell(github, changed, action, actor, by_job=by_job)
    if changed.is_pull:
        _tell_labels(github, changed, issue.labels, actor, by_job=by_job)
    return changed


def _tell_labels(github: GitHub, issue: Issue, before: tuple[str, ...], actor: str, *, by_job: bool) -> None:
    """Of a pull request each label that came or went is an event of its own."""
    pull, repository = github.store.find(Pull, issue.id), github.store.find(Repository, issue.repository)
    came = [("labeled", name) for name in issue.labels if name not in before]
    went = [("unlabeled", name) for name in before if name not in issue.labels]
    for action, name in (*came, *went):
        label = label_body(repository, used(github, repository, name))
        pulls.tell(github, pull, action, actor, by_job=by_job, label=label)


def close(github: GitHub, issue: Issue, reason: Reason, actor: str, *, by_job: bool) -> None:
    """It is done, or never will be."""
    moment = now()
    fields = {"state": "closed", "state_reason": reason, "closed_at": moment, "closed_by": actor}
    tell(github, github.store.change(issue, **fields, updated_at=moment), "closed", actor, by_job=by_job)


def reopen(github: GitHub, issue: Issue, actor: str, *, by_job: bool) -> None:
    """It is not done after all."""
    fields = {"state": "open", "state_reason": "reopened", "closed_at": None, "closed_by": None}
    tell(github, github.store.change(issue, **fields, updated_at=now()), "reopened", actor, by_job=by_job)


def tell(github: GitHub, issue: Issue, action: str, actor: str, *, by_job: bool, **more: Any) -> None:
    """Of a comment its `comment` is with it. Its workflows run on the default branch; a pull request has its own."""
    if issue.is_pull and "comment" not in more:
        return
    repository = github.store.find(Repository, issue.repository)
    branch = repository.default_branch
    github.events.emit(
        Event(
            name="issue_comment" if "comment" in more else "issues",
            action=action,
            repository=repository.full_name,
            ref=f"refs/heads/{branch}",
            sha=resolve(f"{repository.heads}{branch}") or ZERO,
            actor=actor,
            number=issue.number,
            by_job=by_job,
            payload={
                "action": action,
                "issue": issue_body(github, issue),
                **more,
                "repository": repository_body(github, repository),
                "sender": user_named(github, actor),
            },
        )
    )
