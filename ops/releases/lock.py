"""The lock of an environment: while it is there, nothing that runs is changed (docs/adr/0048)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from console.errors import REFUSED, WRONG_USE, ExplainedError
from infra.config import Stack
from ops.releases.parameter import Parameter, fits


class Lock(BaseModel):
    """Who has locked, when and why."""

    model_config = ConfigDict(frozen=True)

    by: str
    at: datetime
    why: str

    def __str__(self) -> str:
        return f"locked by {self.by} since {self.at.astimezone(UTC):%Y-%m-%d %H:%M UTC}: {self.why}"


class Locks:
    """Of one environment."""

    def __init__(self, stack: Stack, ssm: Any) -> None:
        self._environment = stack.environment
        self._parameter = Parameter(ssm, stack.names.lock, f"the lock of {stack.environment}")

    def held(self) -> Lock | None:
        """The lock, if there is one. One that cannot be read is one, too."""
        value = self._parameter.read()
        if value is None:
            return None
        try:
            return Lock.model_validate_json(value)
        except ValidationError:
            return Lock(by="somebody", at=datetime.fromtimestamp(0, UTC), why=value)

    def take(self, lock: Lock) -> None:
        """Lock it; refused where somebody has: of two that try at once one gets it."""
        document = lock.model_dump_json()
        if not fits(document):
            why = "SSM has no room for so long a reason"
            raise ExplainedError(f"cannot lock {self._environment}", why, hint="say it shorter", code=WRONG_USE)
        if not self._parameter.make(document):
            raise self._refused(self.held() or lock)

    def release(self) -> Lock | None:
        """Unlock it; returns the lock that was there."""
        held = self.held()
        if held:
            self._parameter.remove()
        return held

    def refuse_if_locked(self) -> None:
        """For whoever is about to change what runs. There is no way past it: to unlock is a step of its own."""
        if held := self.held():
            raise self._refused(held)

    def _refused(self, held: Lock) -> ExplainedError:
        return ExplainedError(
            "refused",
            f"{self._environment} is {held}",
            hint=f"when that is over: ./slipway unlock {self._environment}",
            code=REFUSED,
        )
