"""Repositories as GitHub writes them."""

from __future__ import annotations

from typing import Any

from localcloud.github.access.caller import Caller
from localcloud.github.api.call import Body
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, api_url, node_id
from localcloud.github.users.bodies import user_named
from localcloud.machine.paths import git_host

PARTS = {
    "archive_url": "{archive_format}{/ref}",
    "assignees_url": "assignees{/user}",
    "blobs_url": "git/blobs{/sha}",
    "branches_url": "branches{/branch}",
    "collaborators_url": "collaborators{/collaborator}",
    "comments_url": "comments{/number}",
    "commits_url": "commits{/sha}",
    "compare_url": "compare/{base}...{head}",
    "contents_url": "contents/{+path}",
    "contributors_url": "contributors",
    "deployments_url": "deployments",
    "downloads_url": "downloads",
    "events_url": "events",
    "forks_url": "forks",
    "git_commits_url": "git/commits{/sha}",
    "git_refs_url": "git/refs{/sha}",
    "git_tags_url": "git/tags{/sha}",
    "hooks_url": "hooks",
    "issue_comment_url": "issues/comments{/number}",
    "issue_events_url": "issues/events{/number}",
    "issues_url": "issues{/number}",
    "keys_url": "keys{/key_id}",
    "labels_url": "labels{/name}",
    "languages_url": "languages",
    "merges_url": "merges",
    "milestones_url": "milestones{/number}",
    "notifications_url": "notifications{?since,all,participating}",
    "pulls_url": "pulls{/number}",
    "releases_url": "releases{/id}",
    "stargazers_url": "stargazers",
    "statuses_url": "statuses/{sha}",
    "subscribers_url": "subscribers",
    "subscription_url": "subscription",
    "tags_url": "tags",
    "teams_url": "teams",
    "trees_url": "git/trees{/sha}",
}
COUNTS = ("forks_count", "stargazers_count", "watchers_count", "size", "open_issues_count")
MORE_COUNTS = ("forks", "open_issues", "watchers")


class RepositoryPatch(Body):
    """PATCH of the settings that are kept here."""

    default_branch: str | None = None
    private: bool | None = None
    allow_merge_commit: bool | None = None
    allow_squash_merge: bool | None = None
    allow_rebase_merge: bool | None = None
    delete_branch_on_merge: bool | None = None


def url(repository: Repository) -> str:
    """Its address in the API."""
    return f"{api_url()}/repos/{repository.full_name}"


def html_url(repository: Repository) -> str:
    """Its address for people; there are no pages on this machine."""
    return f"{api_url()}/{repository.full_name}"


def repository_body(github: GitHub, repository: Repository) -> dict[str, Any]:
    """A repository inside another document."""
    address = url(repository)
    return {
        "id": repository.number,
        "node_id": node_id("R", repository.number),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "owner": user_named(github, repository.owner),
        "html_url": html_url(repository),
        "description": None,
        "fork": bool(repository.parent),
        "url": address,
        **{name: f"{address}/{path}" for name, path in PARTS.items()},
        "git_url": str(git_host()),
        "ssh_url": str(git_host()),
        "clone_url": str(git_host()),
        "svn_url": html_url(repository),
        "mirror_url": None,
        "homepage": None,
        "language": None,
        **dict.fromkeys((*COUNTS, *MORE_COUNTS), 0),
        "default_branch": repository.default_branch,
        "is_template": False,
        "topics": [],
        **{name: name == "has_issues" for name in ("has_issues", "has_projects", "has_wiki", "has_pages")},
        "has_downloads": False,
        "has_discussions": False,
        "archived": False,
        "disabled": False,
        "visibility": "private" if repository.private else "public",
        "license": None,
        "allow_forking": True,
        "web_commit_signoff_required": False,
        "created_at": repository.created_at,
        "pushed_at": repository.pushed_at,
        "updated_at": repository.pushed_at,
    }


def whole_repository_body(github: GitHub, repository: Repository, who: Caller) -> dict[str, Any]:
    """A repository alone: with its settings, and what the caller may do in it."""
    roles = {"admin": "admin", "maintain": "admin", "push": "write", "triage": "write", "pull": "read"}
    parent = github.store.get(Repository, repository.parent) if repository.parent else None
    inside = {name: repository_body(github, parent) for name in ("parent", "source")} if parent else {}
    return {
        **repository_body(github, repository),
        "permissions": {name: who.has_role(role) for name, role in roles.items()},  # type: ignore[arg-type] # literals
        "allow_merge_commit": repository.allow_merge_commit,
        "allow_squash_merge": repository.allow_squash_merge,
        "allow_rebase_merge": repository.allow_rebase_merge,
        "allow_auto_merge": False,
        "allow_update_branch": False,
        "delete_branch_on_merge": repository.delete_branch_on_merge,
        "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
        "squash_merge_commit_message": "COMMIT_MESSAGES",
        "merge_commit_title": "MERGE_MESSAGE",
        "merge_commit_message": "PR_TITLE",
        "network_count": 0,
        "subscribers_count": 0,
        **inside,
    }
