"""The one error that the local cloud shows to people."""

from __future__ import annotations

import errno


class LocalCloudError(Exception):
    """`what: why`, a blank line, `hint: command`."""

    def __init__(self, what: str, why: str, *, hint: str | None = None) -> None:
        super().__init__(f"{what}: {why}" + (f"\n\nhint: {hint}" if hint else ""))


def from_system(error: OSError) -> LocalCloudError:
    """What the operating system refused: a full disk, a folder that is not ours, a limit."""
    where = f" {error.filename}" if error.filename else ""
    hint = f"mend that, then run the same command again; to look: ls -ld{where}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        hint = "make room (df -h), then run the same command again"
    return LocalCloudError(f"cannot use{where or ' this machine'}", error.strerror or str(error), hint=hint)
