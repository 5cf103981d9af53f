"""The environments as render.yaml says them."""

from __future__ import annotations

from pathlib import Path

from console.errors import ExplainedError
from infra.blueprint import render_yaml
from ops.environments.stacks import load_all


def write(path: Path, *, check: bool) -> bool:
    """Have the file say what the stack files say; returns whether it did not. With `check`, refuse to change it."""
    wanted = render_yaml(load_all())
    if path.exists() and path.read_text() == wanted:
        return False
    if check:
        raise ExplainedError(
            "render.yaml is out of date", "the stack files say otherwise", hint="./slipway blueprint"
        )
    path.write_text(wanted)
    return True
