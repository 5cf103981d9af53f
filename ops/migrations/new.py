"""Which migrations of this checkout are new: a commit has them not, or the record of a release does not name them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.errors import WRONG_USE, ExplainedError
from infra.application import APPLICATION
from infra.config import Stack
from ops.context import Context
from ops.doors.programs import ROOT
from ops.migrations.lint import key
from ops.releases import records

Answer = Callable[..., str | None]
FULL = 40  # letters of a commit's whole name


@dataclass(frozen=True)
class New:
    """Them, and in words what they are newer than."""

    keys: tuple[str, ...]
    than: str
    commit: str = ""
    """What was released, whose migrations have to be here as they are there; empty where that is not known."""


def since_commit(answer: Answer, checkout: Path, ref: str, described: Sequence[Mapping[str, Any]]) -> New:
    """Those whose files the commit has not. What packages bring is known by a record alone."""
    listed = answer(checkout, "ls-tree", "-r", "--name-only", "--full-tree", f"{ref}^{{commit}}")
    if listed is None:
        raise ExplainedError(
            f"cannot tell what is new since {ref}",
            "git knows no such commit",
            hint="git fetch --all (in a shallow checkout: git fetch --unshallow); or name another with --since",
            code=WRONG_USE,
        )
    there = set(listed.splitlines())
    own = [one for one in described if Path(one["file"]).is_relative_to(checkout / APPLICATION.root)]
    new = [key(one) for one in own if Path(one["file"]).relative_to(checkout).as_posix() not in there]
    return New(tuple(new), ref[:12] if len(ref) == FULL else ref, ref)


def next_branch(answer: Answer, checkout: Path, stacks: Sequence[Stack]) -> str:
    """The commit at which this branch left that of the environment after; for a branch of nobody's, of the first."""
    branches = [stack.branch for stack in stacks]
    here = answer(checkout, "branch", "--show-current")
    later = branches[branches.index(here) + 1 :] if here in branches else branches
    for branch in later or branches[-1:]:
        for ref in (f"refs/remotes/origin/{branch}", f"refs/heads/{branch}"):
            if base := answer(checkout, "merge-base", "HEAD", ref):
                return base
    raise ExplainedError(
        "cannot tell which migrations are new",
        f"git knows none of the branches {', '.join(map(str, later))} here",
        hint="name a commit or an environment: ./slipway migrations lint --since REF, or --released staging",
        code=WRONG_USE,
    )


def not_released(context: Context, stack: Stack, described: Sequence[Mapping[str, Any]]) -> New:
    """Those that the record of what an environment runs does not name, of packages, too."""
    recorded = records.of(stack, context.doors.aws(context.doors.choose(), stack.aws.region)).current()
    if recorded is None:
        raise ExplainedError(
            f"cannot tell what is new to {stack.environment}",
            "nothing was released there yet",
            hint="name a commit: --since REF",
            code=WRONG_USE,
        )
    known = {one.name for one in recorded.migrations}
    new = tuple(key(one) for one in described if key(one) not in known)
    commit = recorded.commit or ""
    if commit and context.doors.git_answer(ROOT, "cat-file", "-e", f"{commit}^{{commit}}") is None:
        raise ExplainedError(
            f"cannot tell whether what was released to {stack.environment} is as it was",
            f"git knows no commit {commit[:12]} here",
            hint="git fetch --all (in a shallow checkout: git fetch --unshallow)",
            code=WRONG_USE,
        )
    return New(new, f"the release of {stack.environment}", commit)
