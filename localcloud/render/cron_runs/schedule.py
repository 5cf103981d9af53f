"""Runs cron jobs on their schedule, in UTC, never two runs of one job at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from croniter import croniter

from localcloud.machine import clock
from localcloud.render.cron_runs import life
from localcloud.render.cron_runs.model import CronRun, under_way
from localcloud.render.deploys.model import live_deploy
from localcloud.render.local_render import LocalRender
from localcloud.render.services.model import Service

SECONDS = 1.0
REMEMBERED = 200


@dataclass(frozen=True)
class Due:
    """That a cron job was due, and its run unless the one before was still going."""

    at: datetime
    service: Service
    run: CronRun | None


class Scheduler:
    """Knows for each cron job when it is due next."""

    def __init__(self, render: LocalRender) -> None:
        self._render = render
        self._due: dict[str, tuple[str, datetime]] = {}
        self._was_due: deque[Due] = deque(maxlen=REMEMBERED)

    async def watch(self) -> None:
        """Look once a second, for as long as the daemon runs."""
        while True:
            self.tick(clock.now())
            await asyncio.sleep(SECONDS)

    def next_due(self, now: datetime) -> datetime | None:
        """When the next run is to begin; what is due already begins first."""
        self.tick(now)
        return min((due for service, (_, due) in self._due.items() if self._runs(service)), default=None)

    def was_due(self, since: datetime) -> list[Due]:
        """What has been due from that moment on, oldest first."""
        return [due for due in self._was_due if due.at >= since]

    def runs(self) -> list[CronRun]:
        """The newest runs that the schedule began, oldest first."""
        return [due.run for due in self._was_due if due.run]

    def tick(self, now: datetime) -> None:
        """Start what is due at this moment, unless a run of the same job is still going."""
        store = self._render.store
        for service in store.all(Service, lambda service: service.type == "cron_job"):
            schedule, due = self._due.get(service.id, ("", now))
            if schedule != service.schedule or due > _next(schedule, now):  # another schedule, or a clock put back
                self._due[service.id] = (service.schedule, _next(service.schedule, now))
                continue
            if now < due:
                continue
            self._due[service.id] = (schedule, _next(schedule, now))
            live = live_deploy(store, service.id)
            if live is not None and not service.suspended:
                free = not under_way(store, service.id)
                run = life.start(self._render, live, "schedule") if free else None
                self._was_due.append(Due(now, service, run))

    def _runs(self, service_id: str) -> bool:
        service = self._render.store.get(Service, service_id)
        live = live_deploy(self._render.store, service_id)
        return service is not None and not service.suspended and live is not None


def _next(schedule: str, now: datetime) -> datetime:
    moment: datetime = croniter(schedule, now).get_next(datetime)
    return moment
