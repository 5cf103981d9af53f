"""What runs for each service: new instances beside old ones, the switch between them, and single runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from localcloud.render.runtime import commands, python_env, workspaces
from localcloud.render.runtime.edge import Edge
from localcloud.render.runtime.environment import environment
from localcloud.render.runtime.instances import PREFIX, Instance, Plan, together
from localcloud.render.runtime.keeper import Keeper
from localcloud.render.runtime.logs import Logs
from localcloud.render.runtime_protocol import Log, Release, RuntimeFailure

NOWHERE = 1  # a port on which nothing listens: the edge is refused at once and tries again


@dataclass
class _Service:
    live: list[Instance] = field(default_factory=list)
    live_deploy: str = ""
    pending: dict[str, list[Instance]] = field(default_factory=dict)
    operations: list[tuple[str, threading.Event]] = field(default_factory=list)
    draining: list[threading.Thread] = field(default_factory=list)


class Services:
    """Every service's processes."""

    def __init__(self, keeper: Keeper, logs: Logs, edge: Edge) -> None:
        self._keeper, self._logs, self._edge = keeper, logs, edge
        self._lock = threading.RLock()
        self._services: dict[str, _Service] = {}

    def start(
        self,
        service_id: str,
        deploy_id: str,
        release: Release,
        command: str | tuple[str, ...],
        env: Mapping[str, str],
        *,
        count: int,
        health_path: str | None,
        port: bool,
        timeout: float,
        drain_seconds: float,
    ) -> None:
        """Start a deploy's instances and return when all are healthy, or scale the live deploy to `count`."""
        with self.operation(service_id, deploy_id) as cancelled:
            plan = Plan(
                service_id=service_id,
                deploy_id=deploy_id,
                release=release,
                argv=commands.words(command, release.command),
                env=self._environment(service_id, release, env, self._note(service_id), cancelled),
                host=urlsplit(self._edge.url(service_id)).netloc,
                health_path=health_path,
                has_port=port,
                timeout=timeout,
                drain_seconds=drain_seconds,
            )
            with self._lock:
                service = self._of(service_id)
                scale = service.live_deploy == deploy_id and bool(service.live)
                missing = count - len(service.live) if scale else count
                fresh = [Instance(plan, self._logs) for _ in range(max(0, missing))]
                service.pending[deploy_id] = fresh
            try:
                self._bring_up(fresh, cancelled, partial(self._edge.open, service_id) if port else None)
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
        with self._lock:
            service = self._of(service_id)
            for key, event in service.operations:
                if key == operation_id:
                    event.set()
            running = any(key == operation_id for key, _ in service.operations)
            waiting = [] if running else service.pending.pop(operation_id, [])
        together([partial(one.end, drain=False) for one in waiting])

    def stop(self, service_id: str, *, drain: bool = True) -> None:
        """End everything of a service."""
        with self._lock:
            service = self._of(service_id)
            for _, event in service.operations:
                event.set()
            ending = [*service.live, *(one for group in service.pending.values() for one in group)]
            service.live, service.live_deploy, service.pending = [], "", {}
            self._edge.unroute(service_id)
        for one in ending:
            one.abandon()
            self._keeper.forget(PREFIX + one.id)
        together([partial(one.end, drain=drain) for one in ending])
        for thread in list(service.draining):
            thread.join()

    def stop_all(self) -> None:
        """End everything, without waiting for requests."""
        together([partial(self.stop, key, drain=False) for key in list(self._services)])

    def run_once(
        self,
        service_id: str,
        release: Release,
        command: str | tuple[str, ...],
        env: Mapping[str, str],
        *,
        run_id: str,
        log_name: str,
        log: Log,
        timeout: float,
    ) -> int:
        """Run a command in a folder of its own, its output in the service's log; return its exit code."""
        argv = commands.words(command, release.command)
        name = f"run-{service_id}-{run_id}"
        with self.operation(service_id, run_id) as cancelled:
            full = self._environment(service_id, release, env, log, cancelled)
            workspace = workspaces.make(name, release)
            try:
                code, _ = commands.run(
                    name,
                    argv,
                    env={**workspace.environment, **full},
                    folder=workspace.files,
                    log=lambda line: self._logs.append(service_id, line, type="app", instance=log_name),
                    timeout=timeout,
                    cancelled=cancelled,
                    shown=lambda: f"`{argv[2] if argv[:2] == ['/bin/sh', '-c'] else ' '.join(argv)}`",
                )
            finally:
                workspaces.remove(name)
        return code

    def instances(self, service_id: str) -> list[dict[str, Any]]:
        """The live instances and those that come up."""
        with self._lock:
            service = self._of(service_id)
            found = [*service.live, *(one for group in service.pending.values() for one in group)]
        return [
            {
                "id": one.id,
                "pid": one.pid,
                "port": one.port,
                "deploy_id": one.plan.deploy_id,
                "healthy": one.healthy and one.alive(),
                "since": one.since.isoformat(timespec="microseconds").replace("+00:00", "Z"),
                "restarts": one.restarts,
            }
            for one in found
        ]

    @contextmanager
    def operation(self, service_id: str, operation_id: str) -> Iterator[threading.Event]:
        """Something that `cancel` and `stop` can end: they set the event."""
        entry = (operation_id, threading.Event())
        with self._lock:
            self._of(service_id).operations.append(entry)
        try:
            yield entry[1]
        finally:
            with self._lock:
                self._of(service_id).operations.remove(entry)

    def forget(self, service_id: str) -> None:
        """Forget a service that was stopped."""
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

    def _environment(
        self, service_id: str, release: Release, env: Mapping[str, str], log: Log, cancelled: threading.Event
    ) -> dict[str, str]:
        programs = python_env.programs(release.folder, log, cancelled)
        return environment(release.env, env, programs=programs)

    def _note(self, service_id: str) -> Log:
        return lambda line: self._logs.append(service_id, line, type="build", instance="runtime")

    def _make_live(self, service_id: str, service: _Service, instances: Sequence[Instance]) -> None:
        service.live = list(instances)
        for one in instances:
            self._keeper.watch(PREFIX + one.id, one.alive, self._reviver(service_id, one))
        self._route(service_id)

    def _reviver(self, service_id: str, one: Instance) -> Callable[[], None]:
        def revive() -> None:
            one.healthy = False
            self._route(service_id)
            one.restart()
            self._route(service_id)

        return revive

    def _route(self, service_id: str) -> None:
        """Tell the edge where to send requests: never to an instance that is known to be dead."""
        with self._lock:
            live = [one for one in self._of(service_id).live if one.plan.has_port]
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
                self._keeper.forget(PREFIX + one.id)
            together([partial(one.end, drain=True) for one in instances])
            with self._lock:
                service.draining.remove(thread)

        thread = threading.Thread(target=drain, name="drain", daemon=True)
        with self._lock:
            service.draining.append(thread)
        thread.start()
