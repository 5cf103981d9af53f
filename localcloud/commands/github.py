"""`local github`: for gh, and for programs that read the variables of a workflow's job."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from console.output import Output


def github(
    login: Annotated[str, typer.Option("--as", help="Somebody else than this machine's person.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False,
) -> None:
    """Print the environment that makes gh use the GitHub of this machine.

    To use it: eval "$(./slipway local github)", and then gh api user, gh pr list.
    """
    from localcloud.control.github import LocalGitHub, variables

    output = Output()
    found = variables(LocalGitHub(output.say, login))
    if as_json:
        output.json(found)
    else:
        for name, value in found.items():
            output.line(f"export {name}={shlex.quote(value)}")
