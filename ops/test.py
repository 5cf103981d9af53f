"""Run everything that .ci/run runs: lint, types, and every test."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from ops import coverage
from ops.cloud import ROOT
from ops.errors import OpsError
from ops.say import say

CHECKS = (
    ("ruff check", ("ruff", "check", ".")),
    ("ruff format", ("ruff", "format", "--check", ".")),
    ("mypy", ("mypy",)),
)
# The local cloud is brought up once by those that share it, so they are not divided among processes.
SUITES = (
    ["-n", "2", "tests/unit", "tests/repo", "tests/contract"],
    ["tests/local"],
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
    # The same tests in the same way for everybody, whatever the shell tells pytest.
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    with tempfile.TemporaryDirectory(prefix="slipway-test-") as scratch:
        if not paths:
            environ |= coverage.environment(Path(scratch))
        for number, suite in enumerate([paths] if paths else SUITES):
            say(f"pytest {' '.join(suite)}")
            pytest = [sys.executable, "-m", "pytest", f"--basetemp={scratch}/{number}", *suite]
            if subprocess.run(pytest, cwd=ROOT, env=environ, check=False).returncode != 0:
                raise OpsError("tests failed: see above", hint="one alone: ./slipway test PATH")
        if not paths:
            say(coverage.judged(coverage.measured(Path(scratch))))
