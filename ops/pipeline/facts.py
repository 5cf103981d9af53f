"""What a workflow has to know of an environment before it may ask any cloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from console.errors import WRONG_USE, ExplainedError
from infra.config import Stack
from infra.preview import Previews

Tree = Callable[[str], str | None]


@dataclass(frozen=True)
class Facts:
    """Read from the stack file alone."""

    stack: Stack
    promotes: bool = False
    """Whether the checked-out tree is the one of the branch before, so that what was tested there is this."""

    def shown(self) -> Mapping[str, str]:
        """By the names that workflows use."""
        names, account = self.stack.names, self.stack.aws.account
        return {
            "environment": self.stack.environment,
            "branch": self.stack.branch,
            "source": self.stack.source,
            "promotes": str(self.promotes).lower(),
            "region": self.stack.aws.region,
            "role": f"arn:aws:iam::{account}:role/{names.identity('deploy')}",
            "state": f"s3://{names.state_bucket(account)}",
        }


def of_previews(previews: Previews) -> Mapping[str, str]:
    """The same of previews of pull requests: the role that makes them, and where their state is."""
    names = previews.names
    return {
        "environment": previews.environment,
        "branch": previews.branch,
        "region": previews.aws.region,
        "role": f"arn:aws:iam::{names.account}:role/{names.identity('deploy')}",
        "state": f"s3://{names.bucket('state')}",
    }


def of_branch(branch: str, stacks: list[Stack]) -> Stack:
    """The environment that tracks it."""
    for stack in stacks:
        if stack.branch == branch:
            return stack
    known = ", ".join(f"{stack.branch} ({stack.environment})" for stack in stacks)
    raise ExplainedError(
        f"no environment tracks the branch {branch}", f"those that are tracked: {known}", code=WRONG_USE
    )


def of(stack: Stack, stacks: list[Stack], tree: Tree) -> Facts:
    """Of one environment; `tree` gives the tree of a revision, or nothing where git does not know that.

    What the environment before runs is an image of its branch's tree: where that is the tree here, it was tested.
    """
    before = next((one for one in stacks if stack.before and one.environment == stack.before.names.environment), None)
    if before is None or (before.source, stack.source) != ("image", "image"):
        return Facts(stack)
    here = tree("HEAD")
    return Facts(stack, promotes=here is not None and here == tree(f"refs/remotes/origin/{before.branch}"))
