"""Faults on demand, the same for both clouds: the next calls that match are slow, limited, failing or unanswered."""

from __future__ import annotations

import threading
from fnmatch import fnmatchcase
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field


class Fault(BaseModel):
    """What goes wrong, with which calls, and how often. Patterns are those of a shell."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["delay", "rate_limit", "status", "drop_after"]
    method: str = Field(default="*", pattern="^[A-Z*?]+$")
    path: str = Field(default="*", pattern="^[/*]")
    times: int = Field(default=1, ge=1)
    seconds: float = Field(default=1.0, ge=0, le=600)
    status: int = Field(default=500, ge=400, le=599)
    message: str = "this fault was asked for"

    def matches(self, **call: str) -> bool:
        """Whether it befalls a call that says this of itself."""
        return all(fnmatchcase(value, getattr(self, name)) for name, value in call.items())


F = TypeVar("F", bound=Fault)


class Faults(Generic[F]):
    """The faults still to come, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[F, int]] = []

    def add(self, fault: F) -> None:
        """Let it happen to the next matching calls."""
        with self._lock:
            self._waiting.append((fault, fault.times))

    def clear(self) -> None:
        """Let nothing more go wrong."""
        with self._lock:
            self._waiting.clear()

    def take(self, **call: str) -> F | None:
        """The fault that befalls this call, counted down."""
        with self._lock:
            for place, (fault, left) in enumerate(self._waiting):
                if fault.matches(**call):
                    self._waiting[place : place + 1] = [(fault, left - 1)] if left > 1 else []
                    return fault
        return None

    def pending(self) -> list[dict[str, Any]]:
        """What has not happened yet."""
        with self._lock:
            return [{**fault.model_dump(), "times": left} for fault, left in self._waiting]
