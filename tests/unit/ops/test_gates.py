"""What `./slipway test` runs, and where it stops."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from ops.__main__ import main
from ops.context import Context, Doors


@dataclass
class Tools:
    """The tools of the locked packages: all find nothing wrong but one."""

    fails: str = ""
    ran: list[str] = field(default_factory=list)

    def passes(self, module: str, *words: str, env: dict[str, str] | None = None) -> bool:
        """Whether it is not the one; pytest gets a folder and the environment without the user's options."""
        assert env is None or not {"PYTEST_ADDOPTS", "PYTEST_PLUGINS"} & env.keys()
        self.ran.append(" ".join((module, *(word for word in words if not word.startswith("--basetemp=")))))
        return module != self.fails

    def context(self) -> Context:
        """With these tools and a local cloud that notes what it was asked."""
        return Context(Doors(passes=self.passes, local_cloud=lambda *words: self.ran.append(f"local {words[0]}")))


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
        "pytest tests/local",
    ]


def test_paths_are_run_alone() -> None:
    """Without what comes before."""
    tools = Tools()

    assert main(["test", "tests/unit", "tests/repo"], tools.context()) == 0

    assert tools.ran == ["pytest tests/unit tests/repo"]


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
