"""Run everything that .ci/run runs: lint, types, and every test."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from ops.cloud import ROOT
from ops.errors import OpsError
from ops.say import say

CHECKS = (
    ("ruff check", ("ruff", "check", ".")),
    ("ruff format", ("ruff", "format", "--check", ".")),
    ("mypy", ("mypy",)),
)


def test(
    paths: Annotated[list[str] | None, typer.Argument(help="Only these, for example tests/unit.")] = None,
) -> None:
    """Run everything that .ci/run runs; with paths, only those tests."""
    if not paths:
        from ops import cloud

        for name, command in CHECKS:
            say(name)
            if subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode != 0:
                raise OpsError(f"{name} found what is shown above", hint="mend it and run again: ./slipway test")
        cloud.run_local("engine")
    say("pytest")
    pytest = [sys.executable, "-m", "pytest", "--durations=15", *(paths or [])]
    if subprocess.run(pytest, cwd=ROOT, check=False).returncode != 0:
        raise OpsError("tests failed", hint="one alone: ./slipway test PATH")
