"""What happens in AWS by itself, as the local cloud's clock goes on or is moved."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import asdict
from datetime import datetime
from typing import Any

from localcloud.aws import duties
from localcloud.aws.duties import Duty
from localcloud.aws.state import State
from localcloud.machine import clock
from localcloud.machine.due import Happening

LOOK_SECONDS = 1.0
REMEMBERED = 1000
_log = logging.getLogger(__name__)


class Timekeeper:
    """Carries the duties out: once a second, and for the one who moves the clock."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._happened: deque[tuple[datetime, Happening]] = deque(maxlen=REMEMBERED)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="timekeeper", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        self._thread.join(timeout=10)

    def next_due(self) -> dict[str, Any]:
        """When something is due next."""
        with self._state.lock:
            now = clock.now()
            moments = [moment for duty in self._in_use() if (moment := duty.next_due(now))]
        return {"at": min(moments).isoformat() if moments else None}

    def carry_out(self, since: datetime) -> list[dict[str, Any]]:
        """Do what is due, and tell what has happened from that moment on."""
        self._look()
        return [asdict(happening) for at, happening in list(self._happened) if at >= since]

    def _look(self) -> None:
        with self._state.lock:
            now = clock.now()
            for duty in self._in_use():
                for happening in _carried_out(duty, now):
                    self._happened.append((now, happening))
                    self._state.touch()
                    _log.info("%s %s: %s", happening.what, happening.name, happening.outcome)

    def _in_use(self) -> list[Duty]:
        return [duty for service in duties.SERVICES if self._state.uses(service) for duty in duties.of(service)]

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            self._look()


def _carried_out(duty: Duty, now: datetime) -> list[Happening]:
    try:
        return duty.carry_out(now)
    except Exception as error:  # noqa: BLE001 # the others go on; who moves the clock is told, the log says where
        name = type(duty).__name__.lower()
        _log.exception("what is due of %s could not be carried out", name)
        return [Happening(now.isoformat(), "the work on", name, "failed", f"{type(error).__name__}: {error}")]
