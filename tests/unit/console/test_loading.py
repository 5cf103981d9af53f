"""Commands that are interrupted before they have begun."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("command", ["ops", "localcloud"])
def test_ctrl_c_while_a_command_loads_ends_it_without_a_traceback(command: str, tmp_path: Path) -> None:
    """Its modules take the better part of a second."""
    (tmp_path / "typer.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")

    said = subprocess.run(
        [sys.executable, "-m", command, "--help"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stdout, said.stderr) == (-signal.SIGINT, "", "")
