"""What every change has to pass: lint, types and tests."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from console.errors import ExplainedError
from ops.context import Context
from ops.doors import coverage
from ops.doors.coverage import Measured

CHECKS = (
    ("ruff check", ("ruff", "check", ".")),
    ("ruff format", ("ruff", "format", "--check", ".")),
    ("mypy", ("mypy",)),
)
# A local cloud is brought up once by those that share it: two of them side by side, each with whole files. One alone
# leaves most of a processor to nobody, as an `up` waits a good part of its time. The pipeline's workflows fill it.
SUITES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("-n", "2"), ("tests/unit", "tests/repo", "tests/contract")),
    (("-n", "2", "--dist", "loadfile"), ("tests/local",)),
    ((), ("tests/pipeline",)),
    ((), ("tests/backups",)),  # which moves its cloud's clock
)
"""How pytest is to run which folders."""
FLOOR = 91.0
"""In percent: what the tests run today, less what differs from run to run (a wait that was needed or not).

What runs inside the application's processes or a workflow's job (`ops/doors/django_side`,
`localcloud/github/actions`) counts as not run: they have nothing of our environment.
"""
SHOWN = 10


def check(context: Context) -> None:
    """What needs no run of the code; then have an engine for the tests."""
    for name, command in CHECKS:
        context.output.say(name)
        if not context.doors.passes(*command):
            raise ExplainedError(f"{name} found what is shown above", hint="mend it and run again: ./slipway test")
    context.doors.local_cloud("engine")


def run_tests(context: Context, paths: Sequence[str] | None = None) -> None:
    """All of them, measured, or those; the same in the same way for everybody, whatever the shell tells pytest."""
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    with tempfile.TemporaryDirectory(prefix="slipway-test-") as scratch:
        if not paths:
            environ |= coverage.environment(Path(scratch))
        for number, suite in enumerate([(_options(paths), paths)] if paths else SUITES):
            words = [word for part in suite for word in part]
            context.output.say(f"pytest {' '.join(words)}")
            if not context.doors.passes("pytest", f"--basetemp={scratch}/{number}", *words, env=environ):
                raise ExplainedError("tests failed", "see above", hint="one alone: ./slipway test PATH")
        if not paths:
            context.output.say(judged(context.doors.measured(Path(scratch))))


def _options(paths: Sequence[str]) -> Sequence[str]:
    """Those of the suite that whole folders are of; none for a part of one."""
    return next((options for options, folders in SUITES if {*paths} <= {*folders}), ())


def judged(result: Measured) -> str:
    """How much the tests run; an error where that is too little, as it is printed."""
    told = f"{result.percent:.1f} % of lines and branches are run by tests; the floor is {FLOOR:.1f} %"
    if round(result.percent, 1) < FLOOR:
        files = "".join(f"\n  {count:5} in {name}" for name, count in result.missing[:SHOWN])
        raise ExplainedError(
            "tests run too little",
            f"{told}; most lines and branches that no test runs are{files}",
            hint="test what the change adds: ./slipway test tests/unit",
        )
    return f"coverage: {told}"
