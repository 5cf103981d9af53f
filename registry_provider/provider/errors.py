"""The one error that this provider shows to people."""

from __future__ import annotations


class RegistryError(Exception):
    """`what: why`, a blank line, `hint: command`."""

    def __init__(self, what: str, why: str, *, hint: str | None = None) -> None:
        super().__init__(f"{what}: {why}" + (f"\n\nhint: {hint}" if hint else ""))
