"""The pull requests by which a release goes from one branch to the next, each with what it brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from console.errors import ExplainedError
from infra.config import Stack
from ops.pipeline.comments import GitHub, mark

KIND = "promotion"
MOST = 100  # commits that are told one by one
Log = Callable[[str, str], list[str]]
Tree = Callable[[str], str | None]


@dataclass(frozen=True)
class Step:
    """From the branch of one environment to that of the next."""

    source: Stack
    target: Stack
    commits: tuple[str, ...]
    """What it brings, the newest first: `abc1234 subject`."""

    @property
    def title(self) -> str:
        return f"Promote {self.source.branch} to {self.target.branch}"

    def text(self) -> str:
        """What a reviewer reads first."""
        count = len(self.commits)
        commits = f"{count} commit{'' if count == 1 else 's'}"
        told = [f"- {line}" for line in self.commits[:MOST]]
        more = [f"- and {count - MOST} more"] if count > MOST else []
        how = "the image that was tested is copied, if the merged tree is the tested one; else it is tested and built"
        return "\n".join(
            [
                mark(KIND),
                f"Brings {commits} of `{self.source.branch}` to {self.target.environment}:",
                "",
                *told,
                *more,
                "",
                f"Merged with a merge commit, it deploys {self.target.environment}: {how}.",
            ]
        )


def steps(stacks: list[Stack], log: Log) -> list[Step]:
    """Those that have something to bring; `log` tells the commits that a branch has and another has not."""
    found = [Step(source, target, tuple(log(source.branch, target.branch))) for source, target in pairwise(stacks)]
    return [step for step in found if step.commits]


def keep(github: GitHub, step: Step) -> str:
    """Have its pull request open and up to date; its address."""
    wanted = {"title": step.title, "body": step.text()}
    for pull in github.pages("pulls", state="open", base=step.target.branch):
        if pull["head"]["ref"] == step.source.branch:
            return str(_updated(github, pull, wanted)["html_url"])
    made = github.post("pulls", {**wanted, "head": step.source.branch, "base": step.target.branch})
    return str(made["html_url"])


def _updated(github: GitHub, pull: Mapping[str, Any], wanted: Mapping[str, str]) -> Mapping[str, Any]:
    body = pull.get("body") or ""
    if not body.startswith(mark(KIND)):
        return pull  # somebody's own, who says in it what they want
    if all(pull[name] == wanted[name] for name in wanted):
        return pull
    found: Mapping[str, Any] = github.patch(f"pulls/{pull['number']}", wanted)
    return found


def brought(branch: str, without: str, log: Callable[[str, str], list[str] | None], tree: Tree) -> list[str]:
    """The commits that a branch brings to another; none where the two have the same tree, as after a squash."""
    lines = log(branch, without)
    if lines and tree(f"refs/remotes/origin/{branch}") == tree(f"refs/remotes/origin/{without}"):
        return []
    if lines is None:
        raise ExplainedError(
            f"cannot compare the branch {branch}",
            "this checkout does not have it",
            hint="git fetch origin '+refs/heads/*:refs/remotes/origin/*'",
        )
    return lines
