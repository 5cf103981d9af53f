"""What has a process measured that a test gives an environment of its own."""

from __future__ import annotations

import os


def measuring() -> dict[str, str]:
    """The settings of `./slipway test`; nothing where tests are run without."""
    return {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_PROCESS_")}
