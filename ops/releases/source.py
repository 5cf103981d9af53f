"""What a release is built of: a commit on the environment's branch, and nothing that is not committed."""

from __future__ import annotations

import os

from console.errors import REFUSED, ExplainedError
from ops.doors.committed import Commit
from ops.doors.programs import ROOT
from ops.releases.authority import Authority

LISTED = 10


def committed(authority: Authority) -> Commit:
    """The checkout's last commit, which must be on the environment's branch, with all that its image is built of."""
    git, stack, say = authority.context.doors.committed, authority.stack, authority.context.output.say
    commit = git.head(ROOT)
    changed = git.uncommitted(ROOT)
    root = f"{stack.application.root}/"
    if inside := [path for path in changed if path.startswith(root)]:
        raise ExplainedError(
            f"refused: {root} has changes that are not committed",
            _listed(inside),
            hint="a release is built of what is committed: git commit, or git stash",
            code=REFUSED,
        )
    if changed:
        say(f"taking {commit.id[:12]} as it was committed, without {_listed(changed)}")
    _require_branch(authority, commit)
    return commit


def _require_branch(authority: Authority, commit: Commit) -> None:
    """Only a commit of its branch becomes a release of an environment; the Git host says which are."""
    stack, cloud, git = authority.stack, authority.cloud, authority.context.doors.committed
    branch = stack.branch
    if authority.in_job:
        ref = os.environ.get("GITHUB_REF", "")
        there, where, hint = ref == f"refs/heads/{branch}", f"this job is of {ref}", f"run the workflow on {branch}"
    elif cloud.is_local:
        there, where = git.on_local_branch(cloud.git_host, branch, commit.id), "the local Git host has it not there"
        hint = f'git push "$(./slipway local git)" HEAD:{branch}'
    else:
        there, where = git.on_branch(stack.github.url, ROOT, branch, commit.id), "GitHub does not show it there"
        hint = f"git push {stack.github.url} HEAD:{branch}"
    if not there:
        why = f"releases of {stack.environment} are commits of that branch, and {where}"
        raise ExplainedError(f"refused: {commit.id[:12]} is not on `{branch}`", why, hint=hint, code=REFUSED)


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - LISTED} more" if len(paths) > LISTED else ""
    return ", ".join(paths[:LISTED]) + more
