"""Faults on demand: the next calls that match are slow, limited, failing, or carried out and never answered."""

from __future__ import annotations

import socket
import threading
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from localcloud.aws.call import Call, Environ


class Fault(BaseModel):
    """What goes wrong, with which calls, and how often. Patterns are those of a shell."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["delay", "rate_limit", "status", "drop_after"]
    service: str = "*"
    action: str = "*"
    method: str = "*"
    path: str = "*"
    times: int = Field(default=1, ge=1)
    seconds: float = Field(default=1.0, ge=0, le=600)
    status: int = Field(default=500, ge=400, le=599)
    message: str = "this fault was asked for"

    def matches(self, call: Call) -> bool:
        """Whether it befalls this call."""
        pairs = (
            (call.service, self.service),
            (call.action, self.action),
            (call.method, self.method),
            (call.path, self.path),
        )
        return all(fnmatchcase(value, pattern) for value, pattern in pairs)


class Faults:
    """The faults still to come, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, int]] = []

    def add(self, fault: Fault) -> None:
        """Let it happen to the next matching calls."""
        with self._lock:
            self._waiting.append((fault, fault.times))

    def clear(self) -> None:
        """Let nothing more go wrong."""
        with self._lock:
            self._waiting.clear()

    def take(self, call: Call) -> Fault | None:
        """The fault that befalls this call, counted down."""
        with self._lock:
            for place, (fault, left) in enumerate(self._waiting):
                if fault.matches(call):
                    self._waiting[place : place + 1] = [(fault, left - 1)] if left > 1 else []
                    return fault
        return None


def hang_up(environ: Environ) -> None:
    """Close the client's connection, so that no answer reaches it."""
    connection = environ["werkzeug.socket"]
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
