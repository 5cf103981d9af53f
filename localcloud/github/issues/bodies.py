"""Issues as GitHub writes them; lists of them have the pull requests as well."""

from __future__ import annotations

from typing import Any

from localcloud.github.comments.model import Comment
from localcloud.github.issues.model import Issue
from localcloud.github.labels.model import label_body, used
from localcloud.github.pulls.model import Pull
from localcloud.github.repositories.bodies import html_url, url
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, node_id
from localcloud.github.users.bodies import user_named
from localcloud.github.users.model import User, known

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")


def issue_body(github: GitHub, issue: Issue) -> dict[str, Any]:
    """An issue."""
    repository = github.store.find(Repository, issue.repository)
    address, kind = f"{url(repository)}/issues/{issue.number}", "pull" if issue.is_pull else "issues"
    page = f"{html_url(repository)}/{kind}/{issue.number}"
    return {
        "id": unique(repository, issue.number),
        "node_id": node_id("I", unique(repository, issue.number)),
        "url": address,
        "repository_url": url(repository),
        "labels_url": f"{address}/labels{{/name}}",
        "comments_url": f"{address}/comments",
        "events_url": f"{address}/events",
        "html_url": page,
        "timeline_url": f"{address}/timeline",
        "number": issue.number,
        **shared(github, repository, issue),
        "state_reason": issue.state_reason,
        "comments": len(github.store.all(Comment, lambda one: one.issue == issue.id)),
        "closed_by": user_named(github, issue.closed_by) if issue.closed_by else None,
        "reactions": reactions(f"{address}/reactions"),
        "performed_via_github_app": None,
        **({"pull_request": _links(github, issue, repository, page)} if issue.is_pull else {}),
    }


def shared(github: GitHub, repository: Repository, issue: Issue) -> dict[str, Any]:
    """What an issue and its pull request both say."""
    assignees = [user_named(github, login) for login in issue.assignees]
    return {
        "title": issue.title,
        "body": issue.body,
        "user": user_named(github, issue.user),
        "state": issue.state,
        "locked": issue.locked,
        "active_lock_reason": None,
        "labels": [label_body(repository, used(github, repository, name)) for name in issue.labels],
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": None,
        "author_association": association(known(github, issue.user)),
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "closed_at": issue.closed_at,
    }


def association(user: User) -> str:
    """How somebody stands to the repository."""
    return {"admin": "MEMBER", "write": "COLLABORATOR"}.get(user.role, "NONE")


def unique(repository: Repository, number: int) -> int:
    """A number of all issues of all repositories."""
    return repository.number * 100_000 + number


def reactions(address: str) -> dict[str, Any]:
    """None: they are not kept here."""
    return {"url": address, "total_count": 0, **dict.fromkeys(REACTIONS, 0)}


def _links(github: GitHub, issue: Issue, repository: Repository, page: str) -> dict[str, Any]:
    pull = github.store.find(Pull, issue.id)
    return {
        "url": f"{url(repository)}/pulls/{issue.number}",
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "merged_at": pull.merged_at,
    }
