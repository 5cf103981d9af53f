"""What the requests to an environment were answered: counted by kind, small enough to be kept in a parameter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from ops.doors.web import NOWHERE, Visit

KEPT = 40
"""Times of one kind that are kept: of more, every second, third, …"""


@dataclass(frozen=True)
class Request:
    """One that anybody may send, and the status that is right."""

    method: str
    path: str
    right: int

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Answered:
    """A request and its answer."""

    request: Request
    visit: Visit

    @property
    def failed(self) -> bool:
        """Whether it was answered otherwise, or not at all."""
        return self.visit.status != self.request.right

    def __str__(self) -> str:
        visit = self.visit
        told = f"HTTP {visit.status}" if visit.status != NOWHERE else "no answer"
        body = " ".join(visit.body.split())
        return f"{self.request.name} {told} after {visit.seconds:.2f} s" + (f": {body}" if body else "")


class Kind(BaseModel):
    """The answers to one kind of request."""

    model_config = ConfigDict(frozen=True)

    count: int = 0
    failed: int = 0
    milliseconds: tuple[int, ...] = ()
    """Of those that were answered as is right."""


Observed = Mapping[str, Kind]
"""By the request's name."""


def counted(answers: Iterable[Answered]) -> dict[str, Kind]:
    """All of them."""
    kinds: dict[str, _Counting] = {}
    for one in answers:
        kind = kinds.setdefault(one.request.name, _Counting())
        kind.count += 1
        if one.failed:
            kind.failed += 1
        else:
            kind.milliseconds.append(round(one.visit.seconds * 1000))
    return {
        name: Kind(count=kind.count, failed=kind.failed, milliseconds=tuple(kind.milliseconds))
        for name, kind in kinds.items()
    }


def thinned(observed: Observed, kept: int = KEPT) -> dict[str, Kind]:
    """The same with few enough times to be kept: so many of each kind."""
    return {
        name: kind.model_copy(update={"milliseconds": _every(kind.milliseconds, kept)})
        for name, kind in observed.items()
    }


def _every(times: tuple[int, ...], kept: int) -> tuple[int, ...]:
    """Every second, third, … of them, from the first to the last seen."""
    return times[:: -(-len(times) // kept) or 1] if kept else ()


@dataclass
class _Counting:
    count: int = 0
    failed: int = 0
    milliseconds: list[int] = field(default_factory=list)
