"""The note of a release that has not passed the gate yet: whoever finds it goes on where another run was ended."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from infra.config import Stack
from ops.releases.observed import KEPT, Kind, thinned
from ops.releases.parameter import Parameter, fits
from ops.releases.services import Live


class Pending(BaseModel):
    """What served before, and how well. It holds no secret: what services were told is not in it."""

    model_config = ConfigDict(frozen=True)

    phase: Literal["releasing", "going back"] = "releasing"
    why: str = ""
    """Why it goes back."""
    before: dict[str, Live]
    """By the services' ids."""
    baseline: dict[str, Kind] = {}


ENOUGH = 300  # characters of a reason
THINNER = (KEPT, 20, 10, 0)  # times of one kind of request, until a parameter has room for all of it


class Note:
    """Of one environment; there only meanwhile."""

    def __init__(self, stack: Stack, ssm: Any) -> None:
        self._parameter = Parameter(ssm, stack.names.gate, f"the note of a release of {stack.environment}")

    def read(self) -> Pending | None:
        """What another run has left; what cannot be read is none of ours."""
        value = self._parameter.read()
        try:
            return Pending.model_validate_json(value) if value else None
        except ValidationError:
            return None

    def write(self, pending: Pending) -> None:
        """From now on an end of this process is found by the next one."""
        documents = [
            pending.model_copy(
                update={"why": pending.why[:ENOUGH], "baseline": thinned(pending.baseline, kept)}
            ).model_dump_json(exclude_defaults=True)
            for kept in THINNER
        ]
        self._parameter.write(next(filter(fits, documents), documents[-1]))

    def remove(self) -> None:
        """It has passed, or has gone back."""
        self._parameter.remove()
