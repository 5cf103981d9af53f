"""Talk goes to stderr: stdout is data."""

from __future__ import annotations

import shutil
import sys
import textwrap


def say(message: str) -> None:
    """One line about what is being done."""
    sys.stderr.write(f"slipway: {message}\n")
    sys.stderr.flush()


def hanging(line: str, indent: int) -> str:
    """A line of a table for people: at a terminal what does not fit goes on below its last column."""
    if not sys.stdout.isatty():
        return line
    width = shutil.get_terminal_size().columns
    return textwrap.fill(line, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
