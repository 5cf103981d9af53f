"""How a pull request opens, follows its branches, and closes."""

from __future__ import annotations

from typing import Any

from localcloud.github.api.errors import custom
from localcloud.github.events import Event, Name
from localcloud.github.git.repository import ZERO, is_ancestor, resolve, update
from localcloud.github.issues.model import Issue, issue_id, next_number
from localcloud.github.protection.model import protection_of
from localcloud.github.pulls.events import payload
from localcloud.github.pulls.merging import test_merge
from localcloud.github.pulls.model import Pull
from localcloud.github.repositories.model import Repository
from localcloud.github.reviews.model import dismiss_stale
from localcloud.github.store import GitHub, now


def of(github: GitHub, repository: Repository, *, state: str = "open") -> list[tuple[Pull, Issue]]:
    """The pull requests of a repository, the oldest first."""
    pulls = github.store.all(Pull, lambda one: one.repository == repository.id)
    both = [(pull, issue) for pull in pulls if (issue := github.store.get(Issue, pull.id))]
    return [(pull, issue) for pull, issue in both if state in {"all", issue.state}]


def open_(
    github: GitHub, base: Repository, head: Repository, fields: dict[str, Any], actor: str, *, by_job: bool
) -> Pull:
    """Open one; `fields` are those of the records that the caller chooses."""
    number, moment = next_number(github, base), now()
    key = issue_id(base, number)
    github.store.put(
        Issue(
            id=key,
            repository=base.id,
            number=number,
            title=fields["title"],
            body=fields["body"],
            user=actor,
            is_pull=True,
            created_at=moment,
            updated_at=moment,
        )
    )
    pull = Pull(
        id=key,
        repository=base.id,
        number=number,
        draft=fields["draft"],
        head_repository=head.id,
        head_ref=fields["head_ref"],
        head_sha=resolve(f"{head.heads}{fields['head_ref']}") or ZERO,
        base_ref=fields["base_ref"],
        base_sha=resolve(f"{base.heads}{fields['base_ref']}") or ZERO,
        maintainer_can_modify=fields["maintainer_can_modify"],
    )
    update(f"refs/pull/{number}/head", pull.head_sha)
    pull = test_merge(github, github.store.put(pull))
    tell(github, pull, "opened", actor, by_job=by_job)
    return pull


def follow(
    github: GitHub, repository: Repository, branch: str, before: str, after: str, actor: str, *, by_job: bool
) -> None:
    """A branch has moved: whatever proposes it or is proposed for it goes with it."""
    for pull in github.store.all(Pull):
        issue = github.store.get(Issue, pull.id)
        if issue is None or issue.state == "closed":
            continue
        if pull.head_repository == repository.id and pull.head_ref == branch:
            _head_moved(github, pull, before, after, actor, by_job=by_job)
        elif pull.repository == repository.id and pull.base_ref == branch and after != ZERO:
            _base_moved(github, pull, after, actor, by_job=by_job)


def _head_moved(github: GitHub, pull: Pull, before: str, after: str, actor: str, *, by_job: bool) -> None:
    if after == ZERO:
        close(github, pull, actor, by_job=by_job)
        return
    if after == pull.head_sha:
        return
    update(f"refs/pull/{pull.number}/head", after)
    pull = test_merge(github, github.store.change(pull, head_sha=after))
    protection = protection_of(github, github.store.find(Repository, pull.repository), pull.base_ref)
    if protection and protection.dismiss_stale_reviews:
        dismiss_stale(github, pull)
    touch(github, pull)
    tell(github, pull, "synchronize", actor, by_job=by_job, before=before, after=after)


def _base_moved(github: GitHub, pull: Pull, after: str, actor: str, *, by_job: bool) -> None:
    """What a push to the base brings with it is merged by that."""
    if pull.merging and is_ancestor(pull.merging, after):
        merged(github, pull, pull.merging, actor, by_job=by_job)
    elif is_ancestor(pull.head_sha, after):
        merged(github, pull, after, actor, by_job=by_job)
    else:
        test_merge(github, github.store.change(pull, base_sha=after))


def merged(github: GitHub, pull: Pull, sha: str, actor: str, *, by_job: bool) -> None:
    """Its commits are in the base by now, with that commit. The base's commit before stays on it."""
    pull = github.store.change(pull, merge_sha=sha, merged_at=now(), merged_by=actor)
    close(github, pull, actor, by_job=by_job)


def close(github: GitHub, pull: Pull, actor: str, *, by_job: bool) -> None:
    """Close it, merged or not."""
    moment, issue = now(), github.store.find(Issue, pull.id)
    github.store.change(issue, state="closed", closed_at=moment, closed_by=actor, updated_at=moment)
    tell(github, pull, "closed", actor, by_job=by_job)


def reopen(github: GitHub, pull: Pull, actor: str, *, by_job: bool) -> None:
    """Open it again, at what its branches are by now; one that was merged stays closed."""
    base, head = (github.store.find(Repository, key) for key in (pull.repository, pull.head_repository))
    base_sha, head_sha = resolve(f"{base.heads}{pull.base_ref}"), resolve(f"{head.heads}{pull.head_ref}")
    if pull.merged_at or base_sha is None or head_sha is None:
        raise custom("PullRequest", "state cannot be changed.")
    update(f"refs/pull/{pull.number}/head", head_sha)
    pull = test_merge(github, github.store.change(pull, base_sha=base_sha, head_sha=head_sha))
    issue = github.store.find(Issue, pull.id)
    github.store.change(issue, state="open", closed_at=None, closed_by=None, updated_at=now())
    tell(github, pull, "reopened", actor, by_job=by_job)


def touch(github: GitHub, pull: Pull) -> None:
    """It has changed at this moment."""
    github.store.change(github.store.find(Issue, pull.id), updated_at=now())


def tell(github: GitHub, pull: Pull, action: str, actor: str, *, by_job: bool, **more: Any) -> None:
    """Tell of it what has happened, as of the pull request is by now."""
    _emit(github, pull, "pull_request", action, actor, more, by_job=by_job)


def tell_review(github: GitHub, pull: Pull, action: str, actor: str, review: dict[str, Any], *, by_job: bool) -> None:
    """Tell of a review of it."""
    _emit(github, pull, "pull_request_review", action, actor, {"review": review}, by_job=by_job)


def _emit(
    github: GitHub, pull: Pull, name: Name, action: str, actor: str, more: dict[str, Any], *, by_job: bool
) -> None:
    github.events.emit(
        Event(
            name=name,
            action=action,
            repository=github.store.find(Repository, pull.repository).full_name,
            ref=pull.merge_ref,
            sha=pull.merge_sha or pull.head_sha,
            actor=actor,
            number=pull.number,
            head_ref=pull.head_ref,
            base_ref=pull.base_ref,
            head_sha=pull.head_sha,
            from_fork=pull.from_fork,
            by_job=by_job,
            payload={"action": action, "number": pull.number, **payload(github, pull, actor), **more},
        )
    )
