"""How lines are shown to people."""

from __future__ import annotations

import sys

import pytest

from ops.say import hanging

LINE = "staging        50.10  1 × web starter 7.00, 1 × worker starter 7.00"
WRAPPED = """\
staging        50.10  1 × web starter
                      7.00, 1 × worker
                      starter 7.00"""


@pytest.mark.parametrize(("terminal", "shown"), [(True, WRAPPED), (False, LINE)])
def test_a_line_hangs_below_its_last_column_at_a_terminal_alone(
    terminal: bool, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that reads the output finds one line for each bill."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)

    assert hanging(LINE, 22) == shown
