"""Pull requests as GitHub writes them."""

from __future__ import annotations

from typing import Any, Literal

from localcloud.github.api.call import Body
from localcloud.github.commits.files import changed
from localcloud.github.commits.model import between
from localcloud.github.git.repository import merge_base
from localcloud.github.issues.bodies import shared, unique
from localcloud.github.issues.model import Issue
from localcloud.github.pulls.merging import can_rebase
from localcloud.github.pulls.model import Pull
from localcloud.github.repositories.bodies import html_url, repository_body, url
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, node_id
from localcloud.github.users.bodies import user_named


class PullPost(Body):
    """POST of one."""

    head: str
    base: str
    title: str | None = None
    body: str | None = None
    draft: bool = False
    maintainer_can_modify: bool = False
    head_repo: str | None = None


class PullPatch(Body):
    """PATCH of one."""

    title: str | None = None
    body: str | None = None
    state: Literal["open", "closed"] | None = None
    base: str | None = None
    maintainer_can_modify: bool | None = None


def pull_body(github: GitHub, pull: Pull) -> dict[str, Any]:
    """As lists and events have it."""
    repository, issue = github.store.find(Repository, pull.repository), github.store.find(Issue, pull.id)
    head = github.store.find(Repository, pull.head_repository)
    address, page = f"{url(repository)}/pulls/{pull.number}", f"{html_url(repository)}/pull/{pull.number}"
    of_issue = f"{url(repository)}/issues/{pull.number}"
    links = {
        "self": address,
        "html": page,
        "issue": of_issue,
        "comments": f"{of_issue}/comments",
        "review_comments": f"{address}/comments",
        "review_comment": f"{url(repository)}/pulls/comments{{/number}}",
        "commits": f"{address}/commits",
        "statuses": f"{url(repository)}/statuses/{pull.head_sha}",
    }
    return {
        "url": address,
        "id": unique(repository, pull.number),
        "node_id": pull_node(repository, pull),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": of_issue,
        **{
            f"{name}_url": links[name]
            for name in ("commits", "review_comments", "review_comment", "comments", "statuses")
        },
        "number": pull.number,
        **shared(github, repository, issue),
        "merged_at": pull.merged_at,
        "merge_commit_sha": pull.merge_sha,
        "requested_reviewers": [user_named(github, login) for login in pull.reviewers],
        "requested_teams": [],
        "draft": pull.draft,
        "auto_merge": None,
        "head": _side(github, head, pull.head_ref, pull.head_sha),
        "base": _side(github, repository, pull.base_ref, pull.base_sha),
        "_links": {name: {"href": link} for name, link in links.items()},
    }


def whole_pull_body(github: GitHub, pull: Pull, state: str, comments: int) -> dict[str, Any]:
    """One alone: with what it would change, and whether it can be merged (`mergeable_state`)."""
    base = merge_base(pull.base_sha, pull.head_sha) or pull.base_sha
    files = changed(base, pull.head_sha)
    return {
        **pull_body(github, pull),
        "merged": pull.merged_at is not None,
        "mergeable": None if pull.merged_at else not pull.conflicts,
        "rebaseable": None if pull.merged_at else can_rebase(pull),
        "mergeable_state": "unknown" if pull.merged_at else state,
        "merged_by": user_named(github, pull.merged_by) if pull.merged_by else None,
        "comments": comments,
        "review_comments": 0,
        "maintainer_can_modify": pull.maintainer_can_modify,
        "commits": len(between(base, pull.head_sha)),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }


def pull_node(repository: Repository, pull: Pull) -> str:
    """What GraphQL calls it."""
    return node_id("PR", unique(repository, pull.number))


def _side(github: GitHub, repository: Repository, ref: str, sha: str) -> dict[str, Any]:
    return {
        "label": f"{repository.owner}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user_named(github, repository.owner),
        "repo": repository_body(github, repository),
    }
