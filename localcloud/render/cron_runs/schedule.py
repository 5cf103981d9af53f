"""Runs cron jobs on their schedule, in UTC, never two runs of one job at a time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from croniter import croniter

from localcloud.render.cron_runs import life
from localcloud.render.cron_runs.model import under_way
from localcloud.render.deploys.model import live_deploy
from localcloud.render.local_render import LocalRender
from localcloud.render.services.model import Service

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
        store, started = self._render.store, []
        for service in store.all(Service, lambda service: service.type == "cron_job"):
            schedule, due = self._due.get(service.id, ("", now))
            if schedule != service.schedule:
                self._due[service.id] = (service.schedule, _next(service.schedule, now))
                continue
            if now < due:
                continue
            self._due[service.id] = (schedule, _next(schedule, now))
            live = live_deploy(store, service.id)
            if live is not None and not under_way(store, service.id) and not service.suspended:
                life.start(self._render, live, "schedule")
                started.append(service.id)
        return started


def _next(schedule: str, now: datetime) -> datetime:
    moment: datetime = croniter(schedule, now).get_next(datetime)
    return moment
