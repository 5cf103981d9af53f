"""What workflows are given by name: variables, and secrets whose values no answer ever has."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from localcloud.github.store import Record

Kind = Literal["variable", "secret"]


class Setting(Record):
    """Its id is `kind place NAME`; a place is a repository's id or an environment's."""

    kind: ClassVar[str] = "setting"

    what: Kind
    place: str
    name: str
    value: str = Field(repr=False)
    created_at: str
    updated_at: str


def setting_id(what: Kind, place: str, name: str) -> str:
    """What it is kept under: names are in capitals."""
    return f"{what} {place} {name.upper()}"
