"""Deploys: one at a time for each service, from `created` to `live` or to the state that says what failed.

created -> build_in_progress (from a branch) -> pre_deploy_in_progress (with a command) -> update_in_progress -> live;
or build_failed, pre_deploy_failed, update_failed, canceled. A deploy asked for while one runs is `queued`; of several
queued ones only the newest runs. The live deploy keeps a snapshot of its release, command and environment, from which
a restarted daemon, a restart and a change of scale start instances.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.store import Store
from localcloud.render.deploys.bodies import ended_body, trigger_body
from localcloud.render.deploys.model import ROLLBACKS, Deploy, Status, deploys_of, folders_in_use, live_deploy
from localcloud.render.deploys.steps import Steps
from localcloud.render.events.model import record
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.services.model import Service
from localcloud.render.tasks import Tasks

log = logging.getLogger("localcloud.render")
FAILED: dict[Status, Status] = {
    "created": "update_failed",
    "build_in_progress": "build_failed",
    "pre_deploy_in_progress": "pre_deploy_failed",
    "update_in_progress": "update_failed",
}


@dataclass
class Running:
    """The deploy that a service is busy with."""

    deploy_id: str
    task: asyncio.Task[None] | None = None
    canceled: bool = False
    switching: bool = False


class Deployer:
    """Carries deploys out in the background and starts the instances of those that are live again."""

    def __init__(self, store: Store, runtime: Runtime, tasks: Tasks) -> None:
        self._store = store
        self._runtime = runtime
        self._tasks = tasks
        self._running: dict[str, Running] = {}
        self.steps = Steps(store, runtime)
        self.closing = False

    def request(self, service: Service, deploy: Deploy) -> asyncio.Task[None] | None:
        """Start a new deploy, or queue it behind the running one (then there is no task)."""
        if service.suspended:
            raise ApiError(400, "cannot deploy suspended service")
        if not self.busy(service.id):
            return self._begin(self._store.put(deploy))
        self._cancel_queued(service.id)
        self._store.put(deploy.model_copy(update={"status": "queued"}))
        return None

    def busy(self, service_id: str) -> bool:
        """Whether a deploy of that service runs."""
        return service_id in self._running

    async def cancel(self, deploy: Deploy) -> None:
        """Cancel a queued or running deploy; 400 when it is too late, and then it has ended."""
        if deploy.status == "queued":
            self._finish(deploy, "canceled")
            return
        running = self._running.get(deploy.service_id)
        ours = running is not None and running.deploy_id == deploy.id
        if running is not None and ours and running.switching and running.task is not None:
            await asyncio.wait([running.task])
        if running is None or not ours or running.switching:
            status = self._store.find(Deploy, deploy.id).status
            raise ApiError(400, f"deploy {deploy.id} cannot be canceled: it is {status}")
        await self._interrupt(deploy.service_id, running)

    async def halt(self, service_id: str) -> None:
        """Cancel everything that a service is busy with and wait for its end."""
        self._cancel_queued(service_id)
        running = self._running.get(service_id)
        if running is not None:
            if not running.switching:
                await self._interrupt(service_id, running)
            elif running.task is not None:
                await asyncio.wait([running.task])

    async def relaunch(self, service_id: str, *, replace: bool) -> None:
        """Start the live deploy's instances again (`replace`), or bring their number to the service's."""
        async with self._tasks.lock(service_id):
            deploy, service = live_deploy(self._store, service_id), self._store.get(Service, service_id)
            if deploy is None or service is None or service.suspended:
                return
            if replace:
                deploy = self._store.change(deploy, restarts=deploy.restarts + 1)
            try:
                await self.steps.launch(service, deploy)
            except RuntimeFailure as failure:
                await self.steps.note(deploy, f"==> {failure.message}")

    def resume_interrupted(self) -> None:
        """After a restart of the daemon: carry out again what was in progress, then what was queued."""
        for deploy in self._store.all(Deploy, lambda deploy: deploy.status in {*FAILED, "queued"}):
            service = self._store.get(Service, deploy.service_id)
            if service is None or service.suspended:
                self._finish(deploy, "canceled")
            elif not self.busy(service.id):
                self._begin(deploy)

    def _begin(self, deploy: Deploy) -> asyncio.Task[None]:
        stamp = ids.now()
        self._store.change(deploy, status="created", started_at=ids.micros(stamp), updated_at=stamp)
        record(self._store, deploy.service_id, "deploy_started", deployId=deploy.id, trigger=trigger_body(deploy))
        running = Running(deploy.id)
        self._running[deploy.service_id] = running
        running.task = self._tasks.spawn(self._work(deploy.service_id, running))
        return running.task

    async def _work(self, service_id: str, running: Running) -> None:
        try:
            async with self._tasks.lock(service_id):
                await self._carry_out(running)
        finally:
            self._running.pop(service_id, None)
            queued = deploys_of(self._store, service_id, "queued")
            if queued and self._store.get(Service, service_id) is not None and not self.closing:
                self._begin(queued[-1])

    async def _carry_out(self, running: Running) -> None:
        deploy = self._store.find(Deploy, running.deploy_id)
        try:
            for step in self.steps.plan(deploy):
                self._check(running)
                if step.status:
                    self._store.change(deploy, status=step.status, updated_at=ids.now())
                await step.act(*self._now(deploy))
            self._check(running)
            running.switching = True
            await self.steps.go_live(*self._now(deploy))
        except RuntimeFailure as failure:
            await self._fail(running, failure)
        except Exception as error:
            log.exception("deploy %s failed", deploy.id)
            await self._fail(running, RuntimeFailure(f"internal error: {error}"))
        else:
            for old in deploys_of(self._store, deploy.service_id, "live"):
                self._deactivate(old)
            self._finish(deploy, "live")
            forget = self._runtime.releases.forget_unused
            self._tasks.spawn(asyncio.to_thread(forget, folders_in_use(self._store)))

    async def _fail(self, running: Running, failure: RuntimeFailure) -> None:
        if self.closing:
            return  # it is carried out again after the next start
        deploy = self._store.find(Deploy, running.deploy_id)
        await self.steps.note(deploy, "==> Deploy canceled" if running.canceled else f"==> {failure.message}")
        self._store.change(deploy, snapshot=None)
        self._finish(deploy, "canceled" if running.canceled else FAILED[deploy.status])

    def _now(self, deploy: Deploy) -> tuple[Service, Deploy]:
        """The service and the deploy as they are by now."""
        return self._store.find(Service, deploy.service_id), self._store.find(Deploy, deploy.id)

    def _check(self, running: Running) -> None:
        if running.canceled:
            raise RuntimeFailure("canceled")

    async def _interrupt(self, service_id: str, running: Running) -> None:
        running.canceled = True
        group = self._store.find(Deploy, running.deploy_id).group
        await asyncio.to_thread(self._runtime.cancel, service_id, group)
        if running.task is not None:
            await asyncio.wait([running.task])

    def _cancel_queued(self, service_id: str) -> None:
        for waiting in deploys_of(self._store, service_id, "queued"):
            self._finish(waiting, "canceled")

    def _deactivate(self, deploy: Deploy) -> None:
        # A rollback takes of it the service's own variables and no others: keep no more secrets than that.
        snapshot = deploy.snapshot and deploy.snapshot.model_copy(update={"env": {}})
        self._store.change(deploy, status="deactivated", snapshot=snapshot, updated_at=ids.now())
        for older in deploys_of(self._store, deploy.service_id, "deactivated")[:-ROLLBACKS]:
            if older.snapshot and older.snapshot.own is not None:
                self._store.change(older, snapshot=older.snapshot.model_copy(update={"own": None}))

    def _finish(self, deploy: Deploy, status: Status) -> None:
        stamp = ids.now()
        self._store.change(deploy, status=status, finished_at=ids.micros(stamp), updated_at=stamp)
        record(self._store, deploy.service_id, "deploy_ended", **ended_body(deploy.id, status))
