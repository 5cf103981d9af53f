"""Which Python runs an application."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.releases import python_env


def test_without_requirements_it_is_this_python(tmp_path: Path) -> None:
    """Its `python` is the one that runs the tests."""
    found = python_env.programs(tmp_path, print)

    assert (found / "python").resolve() == Path(sys.executable).resolve()


def test_requirements_that_are_here_need_nothing(tmp_path: Path) -> None:
    """Pins, extras, markers, hashes, comments and includes are understood."""
    (tmp_path / "base.txt").write_text("requests>=2\n")
    (tmp_path / "requirements.txt").write_text(
        "# comment\n-r base.txt\npsycopg[binary]>=3 \\\n    --hash=sha256:00\n"
        'pywin32==1; sys_platform == "win32"\npytest>=8  # for tests\n'
    )
    said: list[str] = []

    found = python_env.programs(tmp_path, said.append)

    assert (found / "python").resolve() == Path(sys.executable).resolve()
    assert said == []


@pytest.mark.parametrize(
    ("line", "satisfied"),
    [
        ("requests>=2", True),
        ("requests<1", False),
        ("no-such-package-slipway", False),
        ("psycopg[binary]", True),
        ("requests[socks]", False),
        ("git+https://example.com/x", False),
        ("requests @ https://example.com/x.whl", False),
    ],
)
def test_a_requirement_is_looked_up(line: str, satisfied: bool) -> None:
    """Version and extras must be here; a URL never is."""
    assert python_env._satisfied(line) is satisfied


def test_what_cannot_be_installed_fails_with_the_installers_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The build fails, the log says what was tried, and no half environment is taken for a whole one later."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))
    (tmp_path / "requirements.txt").write_text("./no-such-folder\n")

    for _ in range(2):
        said: list[str] = []
        with pytest.raises(RuntimeFailure, match=r"requirements.txt could not be installed: \w+ failed") as failure:
            python_env.programs(tmp_path, said.append)
        assert said[0] == "this machine's Python lacks packages of requirements.txt: making an environment for it"
        assert "no-such-folder" in "\n".join(failure.value.lines)
