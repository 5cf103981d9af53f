"""Runs cron jobs on their schedule, in UTC, never two runs of one job at a time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from croniter import croniter

from localcloud.render.cron_runs import runs
from localcloud.render.local_render import LocalRender

SECONDS = 1.0


class Scheduler:
    """Knows for each cron job when it is due next."""

    def __init__(self, render: LocalRender) -> None:
        self._render = render
        self._due: dict[str, tuple[str, datetime]] = {}

    async def watch(self) -> None:
        """Look once a second, for as long as the daemon runs."""
        while True:
            self.tick(datetime.now(UTC))
            await asyncio.sleep(SECONDS)

    def tick(self, now: datetime) -> list[str]:
        """Start what is due at this moment; returns the ids of the cron jobs started."""
        started = []
        for service in self._render.old.all("service", lambda record: record["type"] == "cron_job"):
            schedule = service["serviceDetails"]["schedule"]
            known, due = self._due.get(service["id"], ("", now))
            if known != schedule:
                self._due[service["id"]] = (schedule, _next(schedule, now))
                continue
            if now < due:
                continue
            self._due[service["id"]] = (schedule, _next(schedule, now))
            live = self._render.deployer.live(service["id"])
            idle = not runs.active(self._render, service["id"])
            if live is not None and idle and service["suspended"] == "not_suspended":
                runs.start(self._render, service, live, "schedule")
                started.append(service["id"])
        return started


def _next(schedule: str, now: datetime) -> datetime:
    found: datetime = croniter(schedule, now).get_next(datetime)
    return found
