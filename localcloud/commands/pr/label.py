"""`local pr label`: what a maintainer says of a pull request by a word."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer

from console.output import Output
from localcloud.commands.pr.options import As, Number


def label(
    number: Number,
    name: Annotated[str, typer.Argument(help="The label, such as `preview`.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take it away.")] = False,
    login: As = "",
) -> None:
    """Put a label at a pull request, or take it away."""
    from localcloud.control.github import LocalGitHub

    output = Output()
    there, labels = LocalGitHub(output.say, login), f"/issues/{number}/labels"
    if remove:
        there.of_repository("DELETE", f"{labels}/{quote(name, safe='')}")
    else:
        there.of_repository("POST", labels, {"labels": [name]})
    output.line(f"#{number} {'has no label' if remove else 'has the label'} {name}")
