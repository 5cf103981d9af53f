"""The launcher `./slipway` on a machine that lacks what it needs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

LAUNCHER = Path(__file__).parents[3] / "slipway"
NEEDED = ("sh", "dirname", "cat", "cksum")


def launch(tmp_path: Path, *present: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of it with a PATH that has only a shell's own tools and what is `present`."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in (*NEEDED, *present):
        (programs / name).symlink_to(shutil.which(name))
    shutil.copy(LAUNCHER, tmp_path / "slipway")
    return subprocess.run(
        [tmp_path / "slipway", "--help"], env={"PATH": str(programs)}, capture_output=True, text=True, check=False
    )


def test_everything_that_is_missing_is_named_at_once(tmp_path):
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


def test_what_is_there_is_not_named(tmp_path):
    """Git is; Python is not."""
    said = launch(tmp_path, "git")

    assert "Python 3.11" in said.stderr
    assert "git-scm" not in said.stderr
