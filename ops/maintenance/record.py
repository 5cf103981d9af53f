"""What is kept of a maintenance while it lasts: who began it, why, until when, and what it has paused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from console.errors import WRONG_USE, ExplainedError
from infra.config import Stack
from ops.releases.parameter import Parameter, fits


class Record(BaseModel):
    """Of one maintenance."""

    model_config = ConfigDict(frozen=True)

    by: str
    at: datetime
    why: str = ""
    until: datetime | None = None
    """When it is meant to be over: told to people, and ends nothing."""
    paused: tuple[str, ...] = ()
    """The ids of the services that it suspends, and that its end resumes; what a person had suspended is not here."""

    def overdue(self, now: datetime) -> bool:
        """Whether it was meant to be over."""
        return self.until is not None and now > self.until

    def __str__(self) -> str:
        until = f" until {_time(self.until)}" if self.until else ""
        return f"by {self.by} since {_time(self.at)}{until}{f': {self.why}' if self.why else ''}"


class Records:
    """The one of an environment; there only meanwhile."""

    def __init__(self, stack: Stack, ssm: Any) -> None:
        self._environment = stack.environment
        self._parameter = Parameter(ssm, stack.names.maintenance, f"the maintenance of {stack.environment}")

    def read(self) -> Record | None:
        """The one under way. One that cannot be read is an error: what it paused would never be resumed."""
        value = self._parameter.read()
        try:
            return Record.model_validate_json(value) if value else None
        except ValidationError as error:
            raise ExplainedError(
                f"cannot read the maintenance of {self._environment}",
                "its parameter in SSM holds something else",
                hint="resume what is to run in Render's dashboard, and delete that parameter",
            ) from error

    def write(self, record: Record) -> None:
        """Before anything of it is done, so that one killed half-way is found."""
        document = record.model_dump_json(exclude_defaults=True)
        if not fits(document):
            why = "SSM has no room for so long a reason"
            raise ExplainedError(f"cannot begin {self._environment}'s maintenance", why, code=WRONG_USE)
        self._parameter.write(document)

    def remove(self) -> None:
        """It is over."""
        self._parameter.remove()


def _time(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M UTC}"
