"""What goes wrong for the user of a command, and the exit code it ends with."""

from __future__ import annotations

FAILED = 1
WRONG_USE = 2
REFUSED = 3


class OpsError(Exception):
    """`what: why`, a blank line, `hint: command`; `code` is 1 failed, 2 wrong use or 3 refused for safety."""

    def __init__(self, message: str, *, hint: str | None = None, code: int = FAILED) -> None:
        super().__init__(message + (f"\n\nhint: {hint}" if hint else ""))
        self.code = code
