"""What `./slipway test` runs, and where it stops."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from ops.__main__ import main
from ops.context import Context, Doors
from ops.doors.coverage import Measured
from ops.gates import FLOOR, judged


@dataclass
class Tools:
    """The tools of the locked packages: all find nothing wrong but one."""

    fails: str = ""
    percent: float = 100.0
    ran: list[str] = field(default_factory=list)
    measured_in: list[str] = field(default_factory=list)

    def passes(self, module: str, *words: str, env: dict[str, str] | None = None) -> bool:
        """Whether it is not the one; pytest gets a folder and the environment without the user's options."""
        assert env is None or not {"PYTEST_ADDOPTS", "PYTEST_PLUGINS"} & env.keys()
        self.measured_in.append((env or {}).get("COVERAGE_PROCESS_START", ""))
        self.ran.append(" ".join((module, *(word for word in words if not word.startswith("--basetemp=")))))
        return module != self.fails

    def context(self) -> Context:
        """With these tools and a local cloud that notes what it was asked."""
        return Context(
            Doors(
                passes=self.passes,
                local_cloud=lambda *words: self.ran.append(f"local {words[0]}"),
                measured=lambda scratch: Measured(self.percent, (("ops/gates.py", 40), ("ops/context.py", 7))),
            )
        )


def test_everything_is_run_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lint and types, an engine, and every test."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--exitfirst")
    tools = Tools()

    assert main(["test"], tools.context()) == 0

    assert tools.ran == [
        "ruff check .",
        "ruff format --check .",
        "mypy",
        "local engine",
        "pytest -n 2 tests/unit tests/repo tests/contract",
        "pytest -n 2 --dist loadfile tests/local",
        "pytest tests/pipeline",
        "pytest tests/backups",
    ]


@pytest.mark.parametrize(
    ("paths", "options"),
    [
        (["tests/unit", "tests/repo"], "-n 2 "),
        (["tests/local"], "-n 2 --dist loadfile "),
        (["tests/unit/infra"], ""),
        (["tests/unit", "tests/local"], ""),
    ],
)
def test_paths_are_run_alone(paths: list[str], options: str) -> None:
    """Without what comes before; whole folders of one suite as that runs them."""
    tools = Tools()

    assert main(["test", *paths], tools.context()) == 0

    assert tools.ran == [f"pytest {options}{' '.join(paths)}"]


@pytest.mark.parametrize(
    ("fails", "told"),
    [
        ("mypy", "mypy found what is shown above\n\nhint: mend it and run again: ./slipway test\n"),
        ("pytest", "tests failed: see above\n\nhint: one alone: ./slipway test PATH\n"),
    ],
)
def test_what_fails_ends_it(fails: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The first of them."""
    tools = Tools(fails)

    assert main(["test"], tools.context()) == 1

    assert capsys.readouterr().err.endswith(f"error: {told}")
    assert tools.ran[-1].startswith(fails)


def test_all_tests_are_measured_into_one_figure(capsys: pytest.CaptureFixture[str]) -> None:
    """All suites in one place; lint and types are no tests."""
    tools = Tools()

    assert main(["test"], tools.context()) == 0

    *checks, first, second, third, fourth = tools.measured_in
    assert set(checks) == {""}
    assert first == second == third == fourth != ""
    assert "coverage: 100.0 % of lines and branches are run by tests; the floor is" in capsys.readouterr().err


def test_some_tests_are_not_measured(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """They run a part of the code: no figure, and no time spent on one."""
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)  # this test's own run may be measured
    tools = Tools(percent=0.0)

    assert main(["test", "tests/unit"], tools.context()) == 0

    assert tools.measured_in == [""]
    assert "coverage" not in capsys.readouterr().err


def test_less_than_the_floor_fails_and_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    """The files that have most come first."""
    assert main(["test"], Tools(percent=FLOOR - 1).context()) == 1

    told = capsys.readouterr().err
    assert f"error: tests run too little: {FLOOR - 1:.1f} % of lines and branches are run by tests" in told
    assert "are\n     40 in ops/gates.py\n      7 in ops/context.py\n\nhint: test what the change adds" in told


@pytest.mark.parametrize("percent", [FLOOR - 0.04, FLOOR, 100.0])
def test_the_floor_is_compared_as_it_is_printed(percent: float) -> None:
    """Nobody reads that a number is less than itself."""
    assert judged(Measured(percent, ())).startswith(f"coverage: {percent:.1f} % ")
