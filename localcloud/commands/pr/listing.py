"""`local pr list`: what is proposed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from console.output import Output
from localcloud.commands.pr.options import Json


class State(StrEnum):
    """Which ones."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


def list_(state: Annotated[State, typer.Option(help="Which ones.")] = State.OPEN, as_json: Json = False) -> None:
    """List pull requests, the newest first."""
    from localcloud.control.github import LocalGitHub

    output = Output()
    found = LocalGitHub(output.say).of_repository("GET", f"/pulls?state={state.value}&per_page=100")
    if as_json:
        output.json(found)
    elif not found:
        output.line(f"there is no {'' if state is State.ALL else f'{state.value} '}pull request")
    else:
        rows = [
            (
                f"#{one['number']}",
                one["title"],
                f"{one['head']['label']} → {one['base']['ref']}",
                "merged" if one["merged_at"] else "draft" if one["draft"] else one["state"],
            )
            for one in found
        ]
        output.table(("no", "title", "branches", "state"), rows)
