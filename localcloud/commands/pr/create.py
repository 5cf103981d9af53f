"""`local pr create`: propose one branch for another."""

from __future__ import annotations

from typing import Annotated

import typer

from console.output import Output
from localcloud.commands.pr.options import As, Json


def create(
    head: Annotated[str, typer.Option(help="The branch with the commits; of a fork: owner:branch.")],
    base: Annotated[str, typer.Option(help="The branch that they are for.")],
    title: Annotated[str, typer.Option(help="Without it, the subject of the newest commit.")] = "",
    body: Annotated[str, typer.Option(help="What people shall know.")] = "",
    draft: Annotated[bool, typer.Option("--draft", help="Not ready to be merged yet.")] = False,
    login: As = "",
    as_json: Json = False,
) -> None:
    """Open a pull request."""
    from localcloud.control.github import LocalGitHub

    output = Output()
    there = LocalGitHub(output.say, login)
    if not title:
        newest = there.of_repository("GET", f"/compare/{base}...{head}")["commits"]
        title = newest[-1]["commit"]["message"].partition("\n")[0] if newest else head
    wanted = {"head": head, "base": base, "title": title, "body": body, "draft": draft}
    made = there.of_repository("POST", "/pulls", wanted)
    if as_json:
        output.json(made)
    else:
        output.line(f"#{made['number']} {made['title']}: {made['head']['label']} → {base}")
