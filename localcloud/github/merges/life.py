"""How a pull request is merged: who may, in which way, and what follows from it."""

from __future__ import annotations

from localcloud.github.api.errors import ApiError
from localcloud.github.commits.model import between
from localcloud.github.git.repository import GitError, delete, update
from localcloud.github.issues.model import Issue
from localcloud.github.merges.bodies import MergePut
from localcloud.github.protection.model import protection_of
from localcloud.github.protection.rules import is_behind, merge_refusal
from localcloud.github.pulls import life
from localcloud.github.pulls.merging import ConflictError, merge_commit, rebase, squash
from localcloud.github.pulls.model import Pull
from localcloud.github.pushes.life import sync
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub

WAYS = {"merge": "Merge commits", "squash": "Squash merges", "rebase": "Rebase merges"}


def merge(github: GitHub, repository: Repository, pull: Pull, want: MergePut, actor: str, *, by_job: bool) -> str:
    """Merge it and return the commit that the base is at by now; 405 or 409 where that cannot be."""
    _check(github, repository, pull, want)
    try:
        sha = _carry_out(github, repository, pull, want, actor)
        pull = github.store.change(pull, merging=sha)
        update(f"{repository.heads}{pull.base_ref}", sha, pull.base_sha)
    except ConflictError as error:
        why = "This branch can't be rebased" if want.merge_method == "rebase" else "Pull Request is not mergeable"
        raise ApiError(405, why) from error
    except GitError as error:
        raise ApiError(409, "Base branch was modified. Review and try the merge again.") from error
    life.merged(github, pull, sha, actor, by_job=by_job)
    if repository.delete_branch_on_merge and not pull.from_fork:
        delete(f"{repository.heads}{pull.head_ref}")
    sync(github, actor, by_job=by_job)
    return sha


def _check(github: GitHub, repository: Repository, pull: Pull, want: MergePut) -> None:
    if pull.merged_at or github.store.find(Issue, pull.id).state == "closed" or pull.conflicts:
        raise ApiError(405, "Pull Request is not mergeable")
    if pull.draft:
        raise ApiError(405, "Pull Request is still a draft")
    if want.sha not in {None, pull.head_sha}:
        raise ApiError(409, "Head branch was modified. Review and try the merge again.")
    allowed = {
        "merge": repository.allow_merge_commit,
        "squash": repository.allow_squash_merge,
        "rebase": repository.allow_rebase_merge,
    }
    if not allowed[want.merge_method]:
        raise ApiError(405, f"{WAYS[want.merge_method]} are not allowed on this repository.")
    protection = protection_of(github, repository, pull.base_ref)
    if protection and protection.linear and want.merge_method == "merge":
        raise ApiError(405, "This branch must not contain merge commits.")
    if lacking := merge_refusal(github, repository, pull):
        raise ApiError(405, " ".join(lacking))
    if is_behind(github, repository, pull):
        raise ApiError(409, "Head branch is out of date. Review and try the merge again.")


def _carry_out(github: GitHub, repository: Repository, pull: Pull, want: MergePut, actor: str) -> str:
    if want.merge_method == "rebase":
        return rebase(github, pull, actor)
    issue = github.store.find(Issue, pull.id)
    if want.merge_method == "merge":
        owner = pull.head_repository.partition("/")[0] if pull.from_fork else repository.owner
        title = want.commit_title or f"Merge pull request #{pull.number} from {owner}/{pull.head_ref}"
        return merge_commit(github, pull, _message(title, want.commit_message, issue.title), actor)
    title, body = _squashed(pull, issue)
    title = want.commit_title or f"{title} (#{pull.number})"
    return squash(github, pull, _message(title, want.commit_message, body), issue.user)


def _squashed(pull: Pull, issue: Issue) -> tuple[str, str]:
    """A single commit's own message, else the pull request's title and all messages in a list."""
    commits = between(pull.base_sha, pull.head_sha)
    if len(commits) == 1:
        subject, _, rest = commits[0].message.partition("\n")
        return subject, rest.strip()
    return issue.title, "\n\n".join(f"* {commit.message}" for commit in commits)


def _message(title: str, given: str | None, usual: str) -> str:
    body = usual if given is None else given
    return f"{title}\n\n{body}\n" if body else f"{title}\n"
