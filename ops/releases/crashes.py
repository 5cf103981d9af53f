"""Whether instances of what has just come end by themselves, by Render's events as each service's gate reads them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

from ops.doors.render import Render
from ops.releases.services import Live, Service
from render_api import instances
from render_api.errors import RenderError

PAUSE = 3.0  # seconds between two looks, at least: each asks Render of every service


def all_running(render: Render, services: Sequence[Service]) -> frozenset[str]:
    """The instances of these services; without those of which Render does not tell now."""
    found: set[str] = set()
    for one in services:
        with suppress(RenderError):
            found |= instances.running(render, one.id)
    return frozenset(found)


class Crashes:
    """Of the services that have moved, but for the instances of the release before, which may end as they like."""

    def __init__(
        self,
        render: Render,
        moved: Sequence[tuple[Service, Live]],
        but: Collection[str],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._render, self._but, self._clock = render, but, clock
        self._moved = [(one, live) for one, live in moved if one.id.startswith("srv-") and live.began]
        self._next_look = 0.0

    def glance(self) -> str | None:
        """Look, if the last look was a while ago."""
        return self.look() if self._clock() >= self._next_look else None

    def look(self) -> str | None:
        """Which service's instances end, and why; None where none does, or Render cannot tell now."""
        self._next_look = self._clock() + PAUSE
        for service, live in self._moved:
            with suppress(RenderError):
                if reasons := instances.ended(self._render, service.id, live.began, but=self._but):
                    return f"{service.name}: its {instances.told(reasons)}"
        return None
