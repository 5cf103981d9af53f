"""`local push`: HEAD to a branch of the Git host, which tells workflows and environments."""

from __future__ import annotations

from typing import Annotated

import typer

from console.output import Output


def push(
    branch: Annotated[str, typer.Argument(help="The branch to push HEAD to.")],
    fork: Annotated[str, typer.Option(help="Push to this owner's fork, which is made if it is missing.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Also if commits of the branch are lost by that.")] = False,
) -> None:
    """Push HEAD to a branch on the GitHub of this machine."""
    from localcloud.control import github

    output = Output()
    there = github.LocalGitHub(output.say)
    if fork:
        there.of_repository("POST", "/forks", {"organization": fork})
    commit = github.push(branch, owner=fork, force=force)
    output.line(f"{fork + ':' if fork else ''}{branch} is at {commit[:12]}")
