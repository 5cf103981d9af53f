"""Plugins started and stopped many times, at moments that nobody chose: none is left, and none is waited for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[3]


def test_no_plugin_outlives_its_stop() -> None:
    """The short form of `python -m bench.plugin_stops`."""
    line = [sys.executable, "-m", "bench.plugin_stops", "48"]
    done = subprocess.run(line, cwd=CHECKOUT, capture_output=True, text=True, timeout=300, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "hangs                     0 (at most 0)" in done.stdout
