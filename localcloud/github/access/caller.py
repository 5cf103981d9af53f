"""Who calls: a person with a role, a job with the permissions of its token, or nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["none", "read", "write", "admin"]
LEVELS: tuple[Role, ...] = ("none", "read", "write", "admin")


@dataclass(frozen=True)
class Caller:
    """The one behind a token."""

    login: str
    role: Role
    """What a person may in the repository; of a job it is what an app could be given: admin."""
    permissions: dict[str, str] | None = None
    """Of a job's token, by name; None of a person's."""
    repository: str = ""
    """The only one that a job's token is good for."""
    run_id: int | None = None
    key: str = ""
    """What calls are counted by."""

    @property
    def is_job(self) -> bool:
        """Whether it is a GITHUB_TOKEN."""
        return self.permissions is not None

    @property
    def known(self) -> bool:
        """Whether there was a token at all."""
        return bool(self.login)

    def has_role(self, wanted: Role) -> bool:
        """Whether a person's role is that or more."""
        return LEVELS.index(self.role) >= LEVELS.index(wanted)

    def has_permission(self, name: str, level: str) -> bool:
        """Whether a job's token has that permission; everybody's may read the metadata."""
        held = (self.permissions or {}).get(name, "read" if name == "metadata" else "none")
        return held == "write" or (level == "read" and held == "read")


NOBODY = Caller(login="", role="none", key="anonymous")
