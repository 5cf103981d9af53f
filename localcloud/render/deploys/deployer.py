"""Deploys: one at a time for each service, from `created` to `live` or to the state that says what failed.

created -> build_in_progress (from a branch) -> pre_deploy_in_progress (with a command) -> update_in_progress -> live;
or build_failed, pre_deploy_failed, update_failed, canceled. A deploy asked for while one runs is `queued`; of several
queued ones only the newest runs. The live deploy keeps a snapshot of its release, command and environment, from which
a restarted daemon, a restart and a change of scale start instances.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.old import Record
from localcloud.render.deploys import steps
from localcloud.render.runtime.failures import RuntimeFailure

if TYPE_CHECKING:
    from localcloud.render.local_render import LocalRender

log = logging.getLogger("localcloud.render")
FAILED = {
    "created": "update_failed",
    "build_in_progress": "build_failed",
    "pre_deploy_in_progress": "pre_deploy_failed",
    "update_in_progress": "update_failed",
}
IN_PROGRESS = frozenset(FAILED)
ROLLBACKS = 3  # so many older releases of each service are kept unpacked; one before them is fetched or built again


@dataclass
class Running:
    """The deploy that a service is busy with."""

    deploy: Record
    task: asyncio.Task[None] | None = None
    canceled: bool = False
    switching: bool = False


class Deployer:
    """Carries deploys out in the background and everything else that starts or ends a service's instances."""

    def __init__(self, render: LocalRender) -> None:
        self._render = render
        self._running: dict[str, Running] = {}
        self.closing = False

    def request(self, service: Record, deploy: Record) -> asyncio.Task[None] | None:
        """Start a new deploy, or queue it behind the running one (then there is no task)."""
        old = self._render.old
        if service["suspended"] == "suspended":
            raise ApiError(400, "cannot deploy suspended service")
        if service["id"] not in self._running:
            return self._begin(service, old.put("deploy", deploy))
        for waiting in self._of(service["id"], "queued"):
            self._finish(waiting, "canceled")
        deploy["status"] = "queued"
        old.put("deploy", deploy)
        return None

    def busy(self, service_id: str) -> bool:
        """Whether a deploy of that service runs."""
        return service_id in self._running

    def live(self, service_id: str) -> Record | None:
        """The deploy that serves."""
        found = self._of(service_id, "live")
        return found[-1] if found else None

    async def cancel(self, deploy: Record) -> None:
        """Cancel a queued or running deploy; 400 when it is too late, and then it has ended."""
        service_id = deploy["_service"]
        running = self._running.get(service_id)
        if deploy["status"] == "queued":
            self._finish(deploy, "canceled")
            return
        ours = running is not None and running.deploy["id"] == deploy["id"]
        if running is not None and ours and running.switching and running.task is not None:
            await asyncio.wait([running.task])
        if running is None or not ours or running.switching:
            raise ApiError(400, f"deploy {deploy['id']} cannot be canceled: it is {deploy['status']}")
        await self._interrupt(service_id, running)

    async def halt(self, service_id: str) -> None:
        """Cancel everything that a service is busy with and wait for its end."""
        for waiting in self._of(service_id, "queued"):
            self._finish(waiting, "canceled")
        running = self._running.get(service_id)
        if running is not None:
            if not running.switching:
                await self._interrupt(service_id, running)
            elif running.task is not None:
                await asyncio.wait([running.task])

    async def relaunch(self, service_id: str, *, replace: bool) -> None:
        """Start the live deploy's instances again (`replace`), or bring their number to the service's."""
        async with self._render.tasks.lock(service_id):
            deploy, service = self.live(service_id), self._render.old.get("service", service_id)
            if deploy is None or service is None or service["suspended"] == "suspended":
                return
            if replace:
                deploy["_round"] = deploy.get("_round", 0) + 1
                self._render.old.put("deploy", deploy)
            try:
                await steps.launch(self._render, service, deploy)
            except RuntimeFailure as failure:
                await steps.note(self._render, deploy, f"==> {failure.message}")

    def resume_interrupted(self) -> None:
        """After a restart of the daemon: carry out again what was in progress, then what was queued."""
        old = self._render.old
        for deploy in old.all("deploy", lambda deploy: deploy["status"] in IN_PROGRESS | {"queued"}):
            service = old.get("service", deploy["_service"])
            if service is None or service["suspended"] == "suspended":
                self._finish(deploy, "canceled")
            elif not self.busy(service["id"]):
                deploy["status"] = "created"
                self._begin(service, deploy)

    def _begin(self, service: Record, deploy: Record) -> asyncio.Task[None]:
        deploy["status"] = "created"
        deploy["startedAt"] = ids.micros(ids.now())
        self._render.changed("deploy", deploy)
        running = Running(deploy)
        self._running[service["id"]] = running
        running.task = self._render.tasks.spawn(self._work(service["id"], running))
        return running.task

    async def _work(self, service_id: str, running: Running) -> None:
        try:
            async with self._render.tasks.lock(service_id):
                await self._carry_out(service_id, running)
        finally:
            self._running.pop(service_id, None)
            queued, service = self._of(service_id, "queued"), self._render.old.get("service", service_id)
            if queued and service is not None and not self.closing:
                self._begin(service, queued[-1])

    async def _carry_out(self, service_id: str, running: Running) -> None:
        deploy = running.deploy
        service = self._render.find("service", service_id)
        try:
            for step in steps.plan(service, deploy):
                self._check(running)
                if step.status:
                    deploy["status"] = step.status
                    self._render.changed("deploy", deploy)
                await step.act(self._render, service, deploy)
            self._check(running)
            running.switching = True
            await steps.go_live(self._render, service, deploy)
        except RuntimeFailure as failure:
            if not self.closing:
                await self._fail(running, failure)
        except Exception as error:
            log.exception("deploy %s failed", deploy["id"])
            if not self.closing:
                await self._fail(running, RuntimeFailure(f"internal error: {error}"))
        else:
            for old in self._of(service_id, "live"):
                self._deactivate(old)
            self._finish(deploy, "live")
            self._render.tasks.spawn(asyncio.to_thread(self._render.runtime.releases.forget_unused, self._used()))

    async def _fail(self, running: Running, failure: RuntimeFailure) -> None:
        deploy = running.deploy
        await steps.note(
            self._render, deploy, "==> Deploy canceled" if running.canceled else f"==> {failure.message}"
        )
        deploy.pop("_run", None)
        self._finish(deploy, "canceled" if running.canceled else FAILED[deploy["status"]])

    def _check(self, running: Running) -> None:
        if running.canceled:
            raise RuntimeFailure("canceled")

    async def _interrupt(self, service_id: str, running: Running) -> None:
        running.canceled = True
        await asyncio.to_thread(self._render.runtime.cancel, service_id, steps.group(running.deploy))
        if running.task is not None:
            await asyncio.wait([running.task])

    def _deactivate(self, deploy: Record) -> None:
        deploy["status"] = "deactivated"
        deploy["_run"].pop("env", None)  # a rollback runs with the current variables: keep no old secrets
        self._render.changed("deploy", deploy)

    def _used(self) -> list[Path]:
        """The folders of the releases that serve or are on their way, and of those that one may roll back to."""
        kept: defaultdict[str, list[Record]] = defaultdict(list)
        for deploy in self._render.old.all("deploy", lambda deploy: "_run" in deploy):
            kept[deploy["_service"]].append(deploy)
        found = []
        for deploys in kept.values():
            old = [deploy for deploy in deploys if deploy["status"] == "deactivated"]
            found += [deploy for deploy in deploys if deploy not in old[:-ROLLBACKS]]
        return [steps.release_of(deploy).folder for deploy in found]

    def _finish(self, deploy: Record, status: str) -> None:
        deploy["status"] = status
        deploy["finishedAt"] = ids.micros(ids.now())
        self._render.changed("deploy", deploy)

    def _of(self, service_id: str, status: str) -> list[Record]:
        return self._render.old.all(
            "deploy", lambda deploy: bool(deploy["_service"] == service_id and deploy["status"] == status)
        )
