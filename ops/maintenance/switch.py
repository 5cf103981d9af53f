"""Put an environment into maintenance and take it out: a repeat mends what is half done.

Only Render and SSM are asked, so that it works when the application cannot boot and its database is gone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from console.errors import ExplainedError
from infra.config import Stack
from ops.context import Context
from ops.doors.cloud import Cloud
from ops.doors.render import Render
from ops.maintenance.record import Record, Records
from ops.maintenance.state import State, look
from ops.releases.passage import Passage, of
from render_api.errors import RenderError

ANSWERS = 90  # seconds in which the application has to answer once the page is gone
PAUSE = 2


@dataclass(frozen=True)
class Maintenance:
    """Of one environment."""

    context: Context
    cloud: Cloud
    stack: Stack
    passage: Passage
    records: Records
    wait: Callable[[float], None] = time.sleep

    def look(self) -> State:
        """As Render has it."""
        return look(self._render, self.cloud, self.stack)

    def on(self, *, why: str = "", until: datetime | None = None) -> State:
        """Show the page, then have workers and jobs rest. Requests in flight are answered to their end.

        The lock of an environment is not asked: no release changes, and who locks it may want the page, too.
        """
        before, record = self.look(), self.records.read()
        known = record or Record(by=self.passage.by, at=datetime.now(UTC))
        paused = (*known.paused, *(one.id for one in before.running if one.id not in known.paused))
        told = {"why": why or known.why, "until": until or known.until, "paused": paused}
        ours = known.model_copy(update=told)
        if ours != record:
            self.records.write(ours)
        if before.suspended:
            self._say(f"warning: {self.stack.names.web} is suspended: Render's own page says so, ours is not shown")
        if not before.page:
            self._say(f"warning: Render's own page is shown until ours has an address: ./slipway up {self._which}")
        self._show(before, enabled=True)
        for one in before.running:
            self._say(f"pausing {one.name}")
            self._ask(f"cannot pause {one.name}", f"/services/{one.id}/suspend")
        after = self.look()
        if not after.on:
            raise ExplainedError(
                f"{self._which} is not wholly in maintenance",
                _half(after),
                hint=f"./slipway maintenance on {self._which}",
            )
        if not before.on or record is None:
            self.passage.tell("maintenance on", outcome=ours.why or "done")
        return after

    def off(self) -> State:
        """Resume what it had paused, take the page away, and see that the application answers."""
        before, record = self.look(), self.records.read()
        ours = record.paused if record else ()
        for one in before.resting:
            if one.suspended and one.id in ours:
                self._say(f"resuming {one.name}")
                self._ask(f"cannot resume {one.name}", f"/services/{one.id}/resume")
            elif one.suspended:
                self._say(f"{one.name} stays suspended: it was before the maintenance, or somebody else did that")
        self._show(before, enabled=False)
        if record:
            self.records.remove()
        after = self.look()
        if before.shown or record:
            self._answers(after)
        if self.passage.note.read():
            self._say(f"a release came that nobody could see: have it looked at by ./slipway up {self._which}")
        return after

    @property
    def _render(self) -> Render:
        return self.context.doors.render(self.cloud, on_wait=self._say)

    @property
    def _which(self) -> str:
        return self.stack.environment

    def _say(self, message: str) -> None:
        self.context.output.say(message)

    def _show(self, state: State, *, enabled: bool) -> None:
        if state.shown == enabled:
            return
        mode = {"maintenanceMode": {"enabled": enabled, "uri": state.page}}
        what = "cannot put up the maintenance page" if enabled else "cannot take the maintenance page away"
        try:
            self._render.patch(f"/services/{state.web}", {"serviceDetails": mode})
        except RenderError as error:
            raise ExplainedError(what, str(error), hint="run the same command again") from error

    def _ask(self, what: str, path: str) -> None:
        try:
            self._render.post(path, {})
        except RenderError as error:
            raise ExplainedError(what, str(error), hint="run the same command again: it goes on there") from error

    def _answers(self, state: State) -> None:
        """An application that does not come back is told as such; the page does not come back by itself."""
        address = f"{state.url}{self.stack.application.release}"
        end = self.context.clock() + ANSWERS
        while (visit := self.context.doors.visit("GET", address)).status != 200:
            if self.context.clock() >= end:
                self.passage.tell("maintenance off", outcome=f"it answers HTTP {visit.status}")
                said = f"{address} answers HTTP {visit.status}" if visit.status else f"{address} does not answer"
                raise ExplainedError(
                    f"{self._which} is out of maintenance, and does not work",
                    said,
                    hint=f"the page again, while that is mended: ./slipway maintenance on {self._which}",
                )
            self.wait(PAUSE)
        self.passage.tell("maintenance off")


def _half(state: State) -> str:
    if not state.shown:
        return "Render does not show the page"
    return f"{', '.join(one.name for one in state.running)} still runs"


def open_maintenance(context: Context, environment: str) -> Maintenance:
    """An environment's, in the cloud that the process environment names."""
    ours = of(context, environment)
    records = Records(ours.stack, ours.clients("ssm"))
    return Maintenance(context, ours.cloud, ours.stack, ours, records)
