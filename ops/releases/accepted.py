"""Known weaknesses that somebody has looked at and lives with until a day: a reviewed list, each with its reason."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from console.errors import WRONG_USE, ExplainedError
from infra.errors import mistakes

LONGEST = timedelta(days=180)
"""What nobody has looked at for longer than that is not known any more."""


class Accepted(BaseModel):
    """One weakness of one package."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    """Its own name or one of its aliases: PYSEC-…, CVE-…, GHSA-…"""
    package: str = Field(min_length=1)
    until: date
    reason: str = Field(min_length=10)


class List(BaseModel):
    """All of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    accepted: tuple[Accepted, ...] = ()


def read(path: Path, today: date) -> tuple[Accepted, ...]:
    """Those of a file, which need not be there; all mistakes at once."""
    if not path.exists():
        return ()
    try:
        every = List.model_validate(tomllib.loads(path.read_text())).accepted
    except tomllib.TOMLDecodeError as error:
        raise _wrong(path, [str(error)]) from error
    except ValidationError as error:
        raise _wrong(path, mistakes(error, List)) from error
    far = [
        f"{one.id}: until {one.until} is more than {LONGEST.days} days away"
        for one in every
        if one.until > today + LONGEST
    ]
    if far:
        raise _wrong(path, far)
    return every


def _wrong(path: Path, told: list[str]) -> ExplainedError:
    return ExplainedError(
        f"cannot read {path.name}",
        "\n  ".join(["", *told]).lstrip("\n") if len(told) > 1 else told[0],
        hint=f"mend {path.name}: [[accepted]] with id, package, until and reason",
        code=WRONG_USE,
    )
