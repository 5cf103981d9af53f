"""One line for each event: who did what, when, from what to what, and how it ended (docs/adr/0048)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from infra.config import Stack
from ops.doors import aws
from ops.releases.parameter import ABSENT, fits, written
from ops.releases.who import short_name

CUT = 900  # characters of an outcome that are kept, or fewer where they take more room than a parameter has


class Event(BaseModel):
    """What happened. Who and when AWS saw it writing is told beside it by AWS."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    by: str
    what: str
    """`up`, `rolled back`, `promoted`, `locked`, …"""
    before: str = Field(default="", validation_alias=AliasChoices("from", "before"), serialization_alias="from")
    after: str = Field(default="", validation_alias=AliasChoices("to", "after"), serialization_alias="to")
    outcome: str = "done"

    def __str__(self) -> str:
        moved = " → ".join(one[:19] for one in (self.before, self.after) if one)
        what = f"{self.what} {moved}" if moved else self.what
        return f"[{self.at.astimezone(UTC):%Y-%m-%d %H:%M}] [{self.by}] {what}: {self.outcome}"


@dataclass(frozen=True)
class Noted:
    """An event as it was written."""

    number: int
    written: datetime
    writer: str
    event: Event


class Audit:
    """Each event is a version of one parameter: AWS lets nobody change or take out one alone."""

    def __init__(self, stack: Stack, ssm: Any) -> None:
        self._stack, self._ssm = stack, ssm

    def note(self, event: Event) -> None:
        """Write it down."""
        kept = CUT
        while not fits(line := _line(event, kept)) and kept:
            kept //= 2
        with aws.told(f"cannot write down what was done to {self._stack.environment}"):
            self._ssm.put_parameter(Name=self._stack.names.audit, Value=written(line), Type="String", Overwrite=True)

    def events(self) -> list[Noted]:
        """Newest first. SSM keeps a hundred."""
        with aws.told(f"cannot read what was done to {self._stack.environment}"):
            pages = self._ssm.get_paginator("get_parameter_history").paginate(Name=self._stack.names.audit)
            found = aws.answer(lambda: [one for page in pages for one in page["Parameters"]], unless=ABSENT)
        return sorted(map(_noted, found or []), key=lambda noted: -noted.number)


def _line(event: Event, kept: int) -> str:
    return event.model_copy(update={"outcome": event.outcome[:kept]}).model_dump_json(by_alias=True)


def _noted(version: dict[str, Any]) -> Noted:
    written, writer = version["LastModifiedDate"], str(version.get("LastModifiedUser", ""))
    try:
        event = Event.model_validate_json(version["Value"])
    except ValidationError:
        event = Event(at=written, by=short_name(writer), what="unreadable", outcome=str(version["Value"])[:80])
    return Noted(int(version["Version"]), written, writer, event)
