"""How the release that serves answers, seen while `pulumi up` gets ready: it costs nobody any time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from ops.doors.render import Render
from ops.releases.observed import Kind, counted, thinned
from ops.releases.sampling import Sampler
from ops.releases.services import Service, newest
from render_api.errors import RenderError

LOOK = 2.0  # seconds between two looks whether a deploy has begun
FEWEST = 30  # answers: for these one looks on while a deploy gets ready, as the release before it still serves
ENOUGH = 200


class Baseline:
    """Watched until a deploy begins, which is told at once, or until enough is known."""

    def __init__(
        self,
        render: Render,
        services: Sequence[Service],
        sampler: Sampler,
        begun: Callable[[dict[str, Kind]], None],
        *,
        look: float = LOOK,
    ) -> None:
        self._render, self._services, self._sampler, self._begun = render, services, sampler, begun
        self._before = {one.id: newest(render, one).get("id") for one in services}
        self._end, self._look = threading.Event(), look
        self._seen: dict[str, Kind] | None = None
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._sampler.start()
        self._thread.start()

    def stop(self) -> dict[str, Kind]:
        """End; returns what was seen. Nothing where a release was quicker than the first look at it."""
        self._end.set()
        self._thread.join()
        self._sampler.stop()
        return self._seen or {}

    def _watch(self) -> None:
        began = False
        while not self._end.wait(self._look):
            answers = self._sampler.answers()
            if len(answers) >= ENOUGH:
                self._sampler.stop()
            with suppress(RenderError):
                deploys = [(one, newest(self._render, one)) for one in self._services]
                new = [deploy for one, deploy in deploys if deploy.get("id") != self._before[one.id]]
                if not new:
                    continue
                if not began:
                    began = True
                    self._seen = thinned(counted(answers))
                    self._begun(self._seen)
                if any(deploy.get("status") == "live" for deploy in new):
                    break
                self._seen = thinned(counted(answers))
            if began and len(answers) >= FEWEST:
                break
        self._sampler.stop()
