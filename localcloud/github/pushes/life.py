"""Every change of a branch or tag becomes an event, whoever made it and however: refs are compared."""

from __future__ import annotations

from typing import Any

from localcloud.github.commits.bodies import pushed_commit_body
from localcloud.github.commits.model import log, read
from localcloud.github.events import Event
from localcloud.github.git.repository import ZERO, is_ancestor, refs
from localcloud.github.pulls import life as pulls
from localcloud.github.pushes.model import Seen
from localcloud.github.repositories.bodies import html_url, repository_body
from localcloud.github.repositories.model import Repository
from localcloud.github.store import Counter, GitHub, now
from localcloud.github.users.bodies import user_named
from localcloud.github.users.model import person

TOLD = 2048  # of so many commits an event tells at most
BEGUN = "pushes"


def sync(github: GitHub, actor: str = "", *, by_job: bool = False) -> None:
    """Tell of every ref that has changed since the last call; what is there at the very first one is no push."""
    first = github.store.get(Counter, BEGUN) is None
    for repository in github.store.all(Repository):
        for ref, before, after in _changes(github, repository):
            _remember(github, ref, after)
            if not first:
                _pushed(github, repository, ref, before, after, actor or person(), by_job=by_job)
    if first:
        github.number(BEGUN)


def _changes(github: GitHub, repository: Repository) -> list[tuple[str, str, str]]:
    seen = {one.id: one.sha for one in github.store.all(Seen) if one.id.startswith(f"{repository.refs}/")}
    there = {**refs(repository.heads), **refs(f"{repository.refs}/tags/")}
    names = [*there, *(name for name in seen if name not in there)]
    return [
        (name, seen.get(name, ZERO), there.get(name, ZERO)) for name in names if seen.get(name) != there.get(name)
    ]


def _remember(github: GitHub, ref: str, sha: str) -> None:
    record = Seen(id=ref, sha=sha)
    if sha == ZERO:
        github.store.remove(record)
    else:
        github.store.put(record)


def _pushed(
    github: GitHub, repository: Repository, name: str, before: str, after: str, actor: str, *, by_job: bool
) -> None:
    github.store.change(repository, pushed_at=now())
    ref = "refs" + name.removeprefix(repository.refs)
    if not repository.parent:
        github.events.emit(
            Event(
                name="push",
                repository=repository.full_name,
                ref=ref,
                sha=after,
                actor=actor,
                by_job=by_job,
                payload=_payload(github, repository, ref, before, after, actor),
            )
        )
    if name.startswith(repository.heads):
        branch = name.removeprefix(repository.heads)
        pulls.follow(github, repository, branch, before, after, actor, by_job=by_job)


def _payload(github: GitHub, repository: Repository, ref: str, before: str, after: str, actor: str) -> dict[str, Any]:
    commits = []
    if ZERO not in {before, after}:
        commits = log("--reverse", f"--max-count={TOLD}", f"{before}..{after}", "--")
    head = read(after) if after != ZERO else None
    return {
        "ref": ref,
        "before": before,
        "after": after,
        "created": before == ZERO,
        "deleted": after == ZERO,
        "forced": ZERO not in {before, after} and not is_ancestor(before, after),
        "base_ref": None,
        "compare": f"{html_url(repository)}/compare/{before[:12]}...{after[:12]}",
        "commits": [pushed_commit_body(repository, commit) for commit in commits],
        "head_commit": pushed_commit_body(repository, head) if head else None,
        "repository": repository_body(github, repository),
        "pusher": {"name": actor},
        "sender": user_named(github, actor),
    }
