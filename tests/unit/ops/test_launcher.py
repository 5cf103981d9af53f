"""The launcher `./slipway` on a machine that lacks what it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LAUNCHER = Path(__file__).parents[3] / "slipway"
NEEDED = ("sh", "dirname", "cat", "cksum")


def launch(tmp_path: Path, *present: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of it with a PATH that has only a shell's own tools and what is `present`."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in (*NEEDED, *present):
        found = shutil.which(name)
        assert found, f"no {name} here"
        (programs / name).symlink_to(found)
    shutil.copy(LAUNCHER, tmp_path / "slipway")
    return subprocess.run(
        [tmp_path / "slipway", "--help"], env={"PATH": str(programs)}, capture_output=True, text=True, check=False
    )


def test_everything_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    """With how to get it, and exit code 1; nothing is installed."""
    said = launch(tmp_path)

    assert said.returncode == 1
    assert said.stdout == ""
    first, *rest = said.stderr.splitlines()
    assert first == "error: cannot set up: this machine lacks"
    assert [line.split("  ")[1] for line in rest[:3]] == ["Python 3.11 or later", "git", "pulumi, or Go 1.25.11+"]
    assert all("https://" in line for line in rest[:3])
    assert rest[3:] == ["", "hint: install what is named, then run the same command again"]
    assert not (tmp_path / ".venv").exists()


def test_what_is_there_is_not_named(tmp_path: Path) -> None:
    """Git is; Python is not."""
    said = launch(tmp_path, "git")

    assert "Python 3.11" in said.stderr
    assert "git-scm" not in said.stderr


def started(tmp_path: Path, environment: dict[str, str]) -> dict[str, str]:
    """The environment that the launcher, with everything installed, starts the command line with."""
    checkout = tmp_path / "checkout"
    (checkout / ".venv/bin").mkdir(parents=True)
    shutil.copy(LAUNCHER, checkout / "slipway")
    for name in ("uv.lock", "pyproject.toml"):
        (checkout / name).touch()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    (checkout / ".venv/bin/python").write_text("#!/bin/sh\nexec env -0\n")
    (checkout / ".venv/bin/python").chmod(0o755)
    stamp = 'printf "%s %s %s" "$(cat uv.lock pyproject.toml | cksum)" "$(pwd -P)" "$(python3 -V)" >.venv/.slipway'
    subprocess.run(["sh", "-c", stamp], cwd=checkout, env={"PATH": path}, check=True)
    said = subprocess.run(
        [checkout / "slipway"], env={"PATH": path} | environment, capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")
    return dict(line.split("=", 1) for line in said.stdout.split("\0") if line)


def test_the_python_of_the_shell_is_left_to_the_shell(tmp_path: Path) -> None:
    """One that is not there, modules that are not ours, warnings that end it."""
    python = {"PYTHONHOME": "/nope", "PYTHONPATH": "/nope", "PYTHONWARNINGS": "error", "PYTHONOPTIMIZE": "2"}

    found = started(tmp_path, {**python, "VIRTUAL_ENV": "/nope", "HOME": str(tmp_path)})

    assert [name for name in found if name.startswith(("PYTHON", "VIRTUAL"))] == ["PYTHONUTF8"]
    assert found["HOME"] == str(tmp_path)


def test_another_checkouts_local_cloud_is_not_taken_for_ones_own(tmp_path: Path) -> None:
    """`eval "$(./slipway local env)"` there, then `./slipway local reset` here: it is this one's that is meant."""
    other, state = tmp_path / "other", tmp_path / "state"
    for folder in (other, state):
        folder.mkdir()
    (other / "slipway").touch()

    found = started(tmp_path, {"SLIPWAY_ROOT": str(other), "HOME": str(tmp_path)})
    elsewhere = started(tmp_path / "two", {"SLIPWAY_ROOT": str(state), "HOME": str(tmp_path)})

    assert found["SLIPWAY_ROOT"] == str(tmp_path / "checkout")
    assert elsewhere["SLIPWAY_ROOT"] == str(state)  # a folder for nothing but the state


def test_what_the_caller_has_closed_is_given_to_no_file(tmp_path: Path) -> None:
    """A timer may close them; the first file that is opened would then be what is written to."""
    started(tmp_path, {"HOME": str(tmp_path)})
    looks = "import os; open('seen', 'w').write(repr([os.readlink(f'/proc/self/fd/{n}') for n in range(3)]))"
    python = tmp_path / "checkout/.venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{looks}"\n')

    subprocess.run(["sh", "-c", "exec ./slipway <&- >&- 2>&-"], cwd=tmp_path / "checkout", check=True)

    assert (tmp_path / "checkout/seen").read_text() == repr(["/dev/null"] * 3)


@pytest.mark.parametrize("home", [{}, {"HOME": ""}, {"HOME": "/nonexistent"}])
def test_a_user_without_a_home_gets_one_in_the_checkout(home: dict[str, Any], tmp_path: Path) -> None:
    """Container platforms give none; uv, Go and Pulumi keep things there."""
    found = started(tmp_path, home)

    assert found["HOME"] == str(tmp_path / "checkout/.home")
    assert Path(found["HOME"]).is_dir()
