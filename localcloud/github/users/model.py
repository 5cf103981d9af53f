"""Persons, organizations and the bot of workflows."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from console import inherited
from localcloud.github.access.caller import Role
from localcloud.github.store import GitHub, Record, now

BOT = "github-actions[bot]"


class User(Record):
    """Somebody with a login; the id is the login in small letters."""

    kind: ClassVar[str] = "user"

    login: str
    number: int
    type: Literal["User", "Organization", "Bot"] = "User"
    role: Role = "write"
    """In the repository: the person of this machine is its administrator, those met later may write."""
    created_at: str


def person() -> str:
    """The login of who works at this machine: its user's name in the letters that GitHub has."""
    return re.sub(r"[^A-Za-z0-9]+", "-", inherited.user({})["USER"]).strip("-") or "developer"


def known(github: GitHub, login: str, *, role: Role = "write", type_: str = "User", number: int = 0) -> User:
    """That user, who becomes known by being named first."""
    found = github.store.get(User, login.lower())
    if found:
        return found
    return github.store.put(
        User.model_validate(
            {
                "id": login.lower(),
                "login": login,
                "number": number or 1000 + github.number("user"),
                "type": type_,
                "role": role,
                "created_at": now(),
            }
        )
    )
