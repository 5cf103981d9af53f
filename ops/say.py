"""Talk goes to stderr: stdout is data."""

from __future__ import annotations

import sys


def say(message: str) -> None:
    """One line about what is being done."""
    sys.stderr.write(f"slipway: {message}\n")
    sys.stderr.flush()
