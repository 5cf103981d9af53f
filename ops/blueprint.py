"""Write render.yaml from the stack files, or check that it is up to date."""

from __future__ import annotations

from typing import Annotated

import typer

from console.errors import ExplainedError
from infra.blueprint import render_yaml
from infra.config import ENVIRONMENTS
from ops.cloud import ROOT
from ops.say import say
from ops.stacks import load


def blueprint(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when it is out of date.")] = False,
) -> None:
    """Write render.yaml from the stack files."""
    path = ROOT / "render.yaml"
    wanted = render_yaml([load(environment) for environment in ENVIRONMENTS])
    current = path.read_text() if path.exists() else ""
    if wanted == current:
        say("render.yaml is up to date")
    elif check:
        raise ExplainedError("render.yaml is out of date: the stack files say otherwise", hint="./slipway blueprint")
    else:
        path.write_text(wanted)
        say("render.yaml is written")
