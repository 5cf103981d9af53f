"""What `./slipway test` runs, and that all of it together is measured."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from console.errors import ExplainedError
from console.output import Output
from ops.context import Context, Doors
from ops.gates import SUITES, run_tests

Variables = Mapping[str, str]


@dataclass
class Pytest:
    """In place of pytest: a process of ours, and what it was told."""

    fails: bool = False
    runs: list[tuple[list[str], Variables]] = field(default_factory=list)

    def __call__(self, program: str, basetemp: str, *words: str, env: Variables) -> bool:
        """Load one module, as a test would."""
        self.runs.append(([*words], env))
        subprocess.run([sys.executable, "-c", "import console.errors"], env=dict(env), check=True, timeout=60)
        return not self.fails


def context(pytest: Pytest) -> Context:
    """One whose tests are those."""
    return Context(doors=Doors(passes=pytest), output=Output())


def test_a_whole_run_is_measured_and_fails_below_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every suite adds to one figure."""
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # this test's own run may be measured
    tests = Pytest()

    with pytest.raises(
        ExplainedError, match=r"^tests run too little: 0\.\d % of lines and branches are run by tests"
    ):
        run_tests(context(tests))

    assert [words for words, _ in tests.runs] == [*SUITES]
    assert len({env["COVERAGE_PROCESS_START"] for _, env in tests.runs}) == 1


def test_a_run_of_some_tests_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of the tests runs a part of the code: no figure, and no time spent on it."""
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)
    tests = Pytest()

    run_tests(context(tests), ["tests/unit/ops"])

    [(words, env)] = tests.runs
    assert words == ["tests/unit/ops"]
    assert "COVERAGE_PROCESS_START" not in env


def test_what_fails_is_told_before_any_figure() -> None:
    """The second suite is not begun."""
    tests = Pytest(fails=True)

    with pytest.raises(ExplainedError, match=r"^tests failed: see above"):
        run_tests(context(tests))

    assert len(tests.runs) == 1
