"""The pull requests by which a release goes from branch to branch, and a hotfix back, each with what it brings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

from console.errors import ExplainedError
from console.output import counted
from infra.config import Stack
from ops.pipeline.comments import GitHub, mark
from ops.releases.difference import Pairs

KIND = "promotion"
MOST = 100  # commits that are told one by one
ONWARD = "the image that was tested is copied, if the merged tree is the tested one; else it is tested and built"
BACK = "what was mended there is then also in what comes next, and what goes to prod is again what staging has tested"
Brought = Callable[..., list[str]]


class Branches(Protocol):
    """What git says of the branches of a checkout."""

    def log(self, branch: str, *without: str) -> list[str] | None:
        """The commits that a branch has and others have not; None where one of them is not known."""

    def tree(self, revision: str) -> str | None:
        """The tree of a revision."""

    def merged(self, branch: str, into: str) -> str | None:
        """The tree that a merge would make; None where a person has to make it."""


@dataclass(frozen=True)
class Step:
    """From the branch of one environment to that of another: the next, or back to the first."""

    source: Stack
    target: Stack
    commits: tuple[str, ...]
    """What it brings, the newest first: `abc1234 subject`."""
    back: bool = False
    migrations: tuple[str, ...] = ()
    settings: Pairs = field(default_factory=dict)
    """Of the target's own file: how they are, and how they would be."""

    @property
    def title(self) -> str:
        if self.back:
            return f"Bring {self.source.branch} back to {self.target.branch}"
        return f"Promote {self.source.branch} to {self.target.branch}"

    def text(self) -> str:
        """What a reviewer reads first."""
        count = len(self.commits)
        parts = [counted(count, "commit")]
        parts += [f"**{counted(len(self.migrations), 'migration')}**"] if self.migrations else []
        parts += [f"**{counted(len(self.settings), 'changed setting')}**"] if self.settings else []
        *all_but_last, last = parts
        brings = f"{', '.join(all_but_last)} and {last}" if all_but_last else last
        told = [f"- {line}" for line in self.commits[:MOST]]
        more = [f"- and {count - MOST} more"] if count > MOST else []
        how = BACK if self.back else ONWARD
        return "\n".join(
            [
                mark(KIND),
                f"Brings {brings} of `{self.source.branch}` to {self.target.environment}:",
                "",
                *told,
                *more,
                *self._migrations(),
                *self._settings(),
                "",
                f"Merged with a merge commit, it deploys {self.target.environment}: {how}.",
            ]
        )

    def _migrations(self) -> list[str]:
        return ["", "Migrations:", "", *(f"- `{name}`" for name in self.migrations)] if self.migrations else []

    def _settings(self) -> list[str]:
        if not self.settings:
            return []
        rows = (f"| `{name}` | {_cell(one)} | {_cell(other)} |" for name, (one, other) in self.settings.items())
        title = f"Settings of {self.target.environment}:"
        return ["", title, "", "| setting | now | then |", "|---|---|---|", *rows]


def _cell(value: str) -> str:
    return f"`{value.replace('|', '¦')}`" if value else "–"


def steps(stacks: list[Stack], log: Brought) -> list[Step]:
    """Every step that there may be; `log` tells the commits that a branch brings to another, beside those of others.

    A hotfix that is in a later branch comes back from there: one pull request is enough.
    """
    onward = [Step(source, target, tuple(log(source.branch, target.branch))) for source, target in pairwise(stacks)]
    return onward + list(_back(stacks, log))


def _back(stacks: list[Stack], log: Brought) -> Iterator[Step]:
    first, *later = stacks
    for place, source in enumerate(later, start=1):
        further = [stack.branch for stack in later[place:]]
        yield Step(source, first, tuple(log(source.branch, first.branch, *further)), back=True)


def keep(github: GitHub, step: Step) -> str:
    """Have its pull request open and up to date, or closed where it brings nothing any more; its address, if any."""
    wanted = {"title": step.title, "body": step.text()}
    for pull in github.pages("pulls", state="open", base=step.target.branch):
        if pull["head"]["ref"] == step.source.branch:
            return str(_updated(github, pull, wanted if step.commits else {"state": "closed"})["html_url"])
    if not step.commits:
        return ""
    made = github.post("pulls", {**wanted, "head": step.source.branch, "base": step.target.branch})
    return str(made["html_url"])


def _updated(github: GitHub, pull: Mapping[str, Any], wanted: Mapping[str, str]) -> Mapping[str, Any]:
    body = pull.get("body") or ""
    if not body.startswith(mark(KIND)):
        return pull  # somebody's own, who says in it what they want
    if all(pull.get(name) == wanted[name] for name in wanted):
        return pull
    found: Mapping[str, Any] = github.patch(f"pulls/{pull['number']}", wanted)
    return found


def brought(git: Branches, branch: str, into: str, *beside: str) -> list[str]:
    """The commits that a branch brings to another; none where a merge would change nothing, as after a squash."""
    lines = git.log(branch, into, *beside)
    if lines is None:
        raise ExplainedError(
            f"cannot compare the branch {branch}",
            "this checkout does not have it",
            hint="git fetch origin '+refs/heads/*:refs/remotes/origin/*'",
        )
    return [] if git.merged(branch, into) == git.tree(f"refs/remotes/origin/{into}") else lines
