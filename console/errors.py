"""What goes wrong for people: told in one piece, with what to do and the exit code that a command ends with."""

from __future__ import annotations

import errno

DONE = 0
FAILED = 1
WRONG_USE = 2
REFUSED = 3  # for safety


class ExplainedError(Exception):
    """`what: why`, a blank line, `hint: command`; `code` is what the command ends with."""

    def __init__(self, what: str, why: str = "", *, hint: str | None = None, code: int = FAILED) -> None:
        super().__init__(": ".join(filter(None, (what, why))) + (f"\n\nhint: {hint}" if hint else ""))
        self.code = code


def from_system(error: OSError) -> ExplainedError:
    """What the operating system refused: a full disk, a folder that is not ours, a limit."""
    if not error.filename:
        return ExplainedError("cannot go on", str(error), hint="once that is mended, run the same command again")
    hint = f"mend that, then run the same command again; to look: ls -ld {error.filename}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        hint = "make room (df -h), then run the same command again"
    return ExplainedError(f"cannot use {error.filename}", error.strerror or str(error), hint=hint)
