"""What runs for each service: new instances beside old ones, the switch between them, and single runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from localcloud.docker import ours
from localcloud.render.runtime.edge.servers import CaddyEdge
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.instances import runs, workspaces
from localcloud.render.runtime.instances.body import PREFIX
from localcloud.render.runtime.instances.instance import Instance
from localcloud.render.runtime.instances.plan import plan_of
from localcloud.render.runtime.instances.together import together
from localcloud.render.runtime.logs.files import FileLogs
from localcloud.render.runtime.processes import leftovers
from localcloud.render.runtime.processes.operations import Operations
from localcloud.render.runtime.tokens.files import TokenFiles
from localcloud.render.runtime.values import Crash, InstanceStatus, Launch, Log, Recovery, Run
from localcloud.render.runtime.watchdog import Watchdog

NOWHERE = 1  # a port on which nothing listens: the edge is refused at once and tries again


@dataclass
class _Service:
    live: list[Instance] = field(default_factory=list)
    live_deploy: str = ""
    pending: dict[str, list[Instance]] = field(default_factory=dict)
    draining: list[threading.Thread] = field(default_factory=list)


class ProcessInstances:
    """Every service's processes."""

    def __init__(self, watchdog: Watchdog, logs: FileLogs, edge: CaddyEdge, tokens: TokenFiles) -> None:
        self._watchdog, self._logs, self._edge, self._tokens = watchdog, logs, edge, tokens
        self._lock = threading.RLock()
        self._services: dict[str, _Service] = {}
        self._operations = Operations()
        self._opened = False
        self._hear: Callable[[Crash | Recovery], None] = lambda news: None

    def listen(self, hear: Callable[[Crash | Recovery], None]) -> None:
        """Whom to tell of instances that end by themselves, and of their return."""
        self._hear = hear

    def open(self) -> None:
        """End what a killed predecessor left of services."""
        if not self._opened:
            leftovers.end(PREFIX, runs.PREFIX, "venv-")
            ours.remove_containers()
            workspaces.sweep()
            self._opened = True

    def close(self) -> None:
        """End everything, without waiting for requests."""
        self._operations.cancel_all()
        together([partial(self.stop, key, drain=False) for key in list(self._services)])
        leftovers.end(PREFIX, runs.PREFIX, "venv-")
        ours.remove_containers()
        self._opened = False

    def start(self, launch: Launch) -> None:
        """Start a deploy's instances and return when all are healthy, or scale the live deploy to `count`."""
        service_id, deploy_id, count = launch.service_id, launch.deploy_id, launch.count
        with self._operations.begin(service_id, deploy_id) as cancelled:
            plan = plan_of(launch, self._edge.url(service_id), self._logs, cancelled)
            with self._lock:
                service = self._of(service_id)
                scale = service.live_deploy == deploy_id and bool(service.live)
                missing = count - len(service.live) if scale else count
                fresh = [Instance(plan, self._logs, self._tokens) for _ in range(max(0, missing))]
                service.pending[deploy_id] = fresh
            try:
                self._bring_up(fresh, cancelled, partial(self._edge.add, service_id) if launch.has_port else None)
            except BaseException:
                self._of(service_id).pending.pop(deploy_id, None)
                raise
            if scale:
                with self._lock:
                    service.pending.pop(deploy_id, None)
                    keep = service.live[:count]
                    surplus = service.live[count:]
                    self._make_live(service_id, service, [*keep, *fresh])
                self._drain(service, surplus)

    def switch(self, service_id: str, deploy_id: str) -> None:
        """Route to the deploy's instances at once; the older ones end in the background, when they are idle."""
        with self._lock:
            service = self._of(service_id)
            fresh = service.pending.pop(deploy_id, None)
            if fresh is None:
                if service.live_deploy == deploy_id:
                    return
                raise RuntimeFailure(f"cannot switch {service_id} to {deploy_id}: it has no instances")
            old, service.live_deploy = service.live, deploy_id
            self._make_live(service_id, service, fresh)
        self._drain(service, old)

    def cancel(self, service_id: str, operation_id: str) -> None:
        """End what a deploy or run has started and has not been switched to."""
        if self._operations.cancel(service_id, operation_id):
            return  # it ends by itself what it has started
        with self._lock:
            waiting = self._of(service_id).pending.pop(operation_id, [])
        together([partial(one.end, drain=False) for one in waiting])

    def stop(self, service_id: str, *, drain: bool = True) -> None:
        """End everything of a service."""
        self._operations.cancel_all(service_id)
        with self._lock:
            service = self._of(service_id)
            ending = [*service.live, *(one for group in service.pending.values() for one in group)]
            service.live, service.live_deploy, service.pending = [], "", {}
            self._edge.unroute(service_id)
        for one in ending:
            one.abandon()
            self._watchdog.forget(PREFIX + one.id)
        together([partial(one.end, drain=drain) for one in ending])
        for thread in list(service.draining):
            thread.join()

    def run(self, run: Run, log: Log) -> int:
        """Run a command to its end, its output in the service's log; return its exit code."""
        with self._operations.begin(run.service_id, run.run_id) as cancelled:
            return runs.carry_out(run, self._logs, self._tokens, log, cancelled)

    def of(self, service_id: str) -> list[InstanceStatus]:
        """The live instances and those that come up."""
        with self._lock:
            service = self._of(service_id)
            instances = [*service.live, *(one for group in service.pending.values() for one in group)]
        return [one.status() for one in instances]

    def rename(self, service_id: str, subject: str) -> None:
        """The tokens of a service speak of that from now on."""
        self._tokens.rename(service_id, subject)

    def remove(self, service_id: str) -> None:
        """Stop a service and forget it."""
        self.stop(service_id)
        with self._lock:
            self._services.pop(service_id, None)

    def _bring_up(
        self, fresh: Sequence[Instance], cancelled: threading.Event, beside: Callable[[], None] | None
    ) -> None:
        """Start all of them at once, and meanwhile what they need when they are healthy."""
        failures = together([*([beside] if beside else []), *(partial(one.start, cancelled) for one in fresh)])
        if failures or cancelled.is_set():
            together([partial(one.end, drain=False) for one in fresh])
            raise failures[0] if failures else RuntimeFailure("the deploy was cancelled")

    def _of(self, service_id: str) -> _Service:
        return self._services.setdefault(service_id, _Service())

    def _make_live(self, service_id: str, service: _Service, instances: Sequence[Instance]) -> None:
        service.live = list(instances)
        for one in instances:
            died = partial(self._tell_crash, one)
            self._watchdog.watch(PREFIX + one.id, one.well, self._reviver(service_id, one), died)
        self._route(service_id)

    def _reviver(self, service_id: str, one: Instance) -> Callable[[], None]:
        def revive() -> None:
            one.healthy = False
            self._route(service_id)
            one.restart()
            self._route(service_id)
            if one.healthy:
                self._hear(Recovery(service_id, one.id))

        return revive

    def _tell_crash(self, one: Instance) -> None:
        self._hear(one.crash())

    def _route(self, service_id: str) -> None:
        """Tell the edge where to send requests: never to an instance that is known to be dead."""
        with self._lock:
            live = [one for one in self._of(service_id).live if one.launch.has_port]
            if not live:
                return
            healthy = [one.port for one in live if one.healthy and one.port is not None]
            spare = healthy[0] if healthy else NOWHERE
            self._edge.route(service_id, [one.port if one.healthy and one.port else spare for one in live])

    def _drain(self, service: _Service, instances: Sequence[Instance]) -> None:
        if not instances:
            return

        def drain() -> None:
            for one in instances:
                one.abandon()
                self._watchdog.forget(PREFIX + one.id)
            together([partial(one.end, drain=True) for one in instances])
            with self._lock:
                service.draining.remove(thread)

        thread = threading.Thread(target=drain, name="drain", daemon=True)
        with self._lock:
            service.draining.append(thread)
        thread.start()
