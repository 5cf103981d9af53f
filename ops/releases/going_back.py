"""The way back of the services: configuration, image and release as they were, and seen to be so."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from ops.doors.render import Render
from ops.releases.configuration import Configuration, Configurations, of_service, put_group_back, put_service_back
from ops.releases.crashes import all_running
from ops.releases.services import RUNNING, Environment, Live, Service, live, newest
from render_api.errors import RefusedError, RenderError, UnknownOutcomeError
from render_api.instances import keep_count

LIMIT = 30 * 60.0  # seconds: a pre-deploy command and Render's own 15 minutes for a rollout
APPEARS = 60.0  # seconds within which Render shows a deploy that it was asked for
PAUSE = 0.5
ATTEMPTS = 2


@dataclass(frozen=True)
class Back:
    """Where the services are after that, by their ids."""

    restored: Mapping[str, Live]
    failed: Mapping[str, str]
    """Why they, or what they share, have not gone back."""


@dataclass(frozen=True)
class WayBack:
    """Of one environment."""

    render: Render
    there: Environment
    wait: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def go(self, before: Mapping[str, Live], known: Configurations) -> Back:
        """All services that run something else than before, at the same time; what they share goes back first."""
        restored, failed = {}, {}
        for key in self.there.groups.keys() & known.keys():
            try:
                put_group_back(self.render, key, known[key])
            except RenderError as error:  # the services go back all the same
                failed[key] = str(error)
        services = [one for one in self.there.services if one.id in before]
        with ThreadPoolExecutor(max_workers=8) as pool:
            asked = {one.id: pool.submit(self._one, one, before[one.id], known.get(one.id)) for one in services}
        for key, one in asked.items():
            try:
                restored[key] = one.result()
            except RenderError as error:
                failed[key] = str(error)
        return Back(restored, failed)

    def _one(self, service: Service, before: Live, known: Configuration | None) -> Live:
        self._settled(service)
        for _ in range(ATTEMPTS):
            now = live(self.render, service)
            put_service_back(self.render, service, known or self._guessed(service, now, before))
            if now and (now.deploy == before.deploy or (now.rolled_back and now.version == before.version)):
                return now
            last = newest(self.render, service).get("id")
            ending = all_running(self.render, [service])
            with suppress(UnknownOutcomeError):  # then we see whether it has begun
                self._start(service, before)
            self._begun(service, last)
            self._settled(service)
            with suppress(RenderError):  # it is back, if with too few
                keep_count(self.render, service.id, but=ending)
        now = live(self.render, service)
        if now is None or now.version != before.version:
            runs = now.version if now else "nothing"
            raise RenderError(
                f"cannot roll back {service.name}", f"it runs {runs} after that, and not {before.version}"
            )
        return now

    def _start(self, service: Service, before: Live) -> None:
        try:
            self.render.post(f"/services/{service.id}/rollback", {"deployId": before.deploy})
        except RefusedError:  # not of every kind of service, nor to a deploy of long ago
            image = of_service(self.render, service.id).image
            body = {"imageUrl": image["imagePath"]} if image else {"commitId": before.version}
            self.render.post(f"/services/{service.id}/deploys", body)

    def _guessed(self, service: Service, now: Live | None, before: Live) -> Configuration:
        """Where another run was ended, and with it what it knew: what names the version names the one before."""
        there = of_service(self.render, service.id)
        new = now.version if now else ""
        if not new or not there.image:
            return there
        image = {**there.image, "imagePath": there.image["imagePath"].partition("@")[0] + f"@{before.version}"}
        variables = {name: before.version if value == new else value for name, value in there.variables.items()}
        return Configuration(image, there.details, variables)

    def _begun(self, service: Service, last: str | None) -> None:
        """A deploy that waits behind another one is not in Render's answer, and a moment later in its list."""
        self._until(lambda: newest(self.render, service).get("id") != last, APPEARS)

    def _settled(self, service: Service) -> None:
        """Wait until no deploy of it is on its way."""
        if not self._until(lambda: newest(self.render, service).get("status") not in RUNNING, LIMIT):
            raise RenderError(f"cannot roll back {service.name}", f"a deploy goes on for {LIMIT / 60:.0f} minutes")

    def _until(self, there: Callable[[], bool], limit: float) -> bool:
        end = self.clock() + limit
        while not (done := there()) and self.clock() < end:
            self.wait(PAUSE)
        return done
