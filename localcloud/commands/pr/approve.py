"""`local pr approve`: a review that lets a pull request through."""

from __future__ import annotations

from typing import Annotated

import typer

from console.output import Output
from localcloud.commands.pr.options import Number

REVIEWER = "reviewer"


def approve(
    number: Number,
    login: Annotated[str, typer.Option("--as", help="In whose name; not the author's.")] = REVIEWER,
) -> None:
    """Approve a pull request in somebody else's name."""
    from localcloud.control.github import LocalGitHub

    output = Output()
    LocalGitHub(output.say, login).of_repository("POST", f"/pulls/{number}/reviews", {"event": "APPROVE"})
    output.line(f"#{number} is approved by {login}")
