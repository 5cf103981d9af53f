"""`local pr merge`: what was proposed becomes what is."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from console.output import Output
from localcloud.commands.pr.options import As, Number


class Method(StrEnum):
    """GitHub's three ways."""

    MERGE = "merge"
    SQUASH = "squash"
    REBASE = "rebase"


def merge(
    number: Number,
    method: Annotated[Method, typer.Option(help="A merge commit, one of all, or each anew.")] = Method.MERGE,
    login: As = "",
) -> None:
    """Merge a pull request, if its base lets it."""
    from localcloud.control.github import LocalGitHub

    output = Output()
    there = LocalGitHub(output.say, login)
    done = there.of_repository("PUT", f"/pulls/{number}/merge", {"merge_method": method.value})
    output.line(f"#{number} is merged as {done['sha'][:12]}")
