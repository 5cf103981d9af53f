"""One running copy of a release: a process group with a folder, a log and, for web services, a port of its own."""

from __future__ import annotations

import secrets
import threading
import time
from pathlib import Path

from localcloud.machine import clock
from localcloud.machine.ports import is_free
from localcloud.render.runtime.failures import RuntimeFailure, explained, last_lines
from localcloud.render.runtime.instances import family, health, ports, workspaces
from localcloud.render.runtime.instances.body import ContainerBody, ProcessBody
from localcloud.render.runtime.instances.plan import Plan
from localcloud.render.runtime.logs.files import FileLogs
from localcloud.render.runtime.tokens.files import TokenFiles
from localcloud.render.runtime.values import Crash, InstanceStatus

PORT_TRIES = 5
LETTERS = "bcdfghjklmnpqrstvwxz2456789"
IDLE_LOOKS = 3
IDLE_SECONDS = 0.1
MEMORY_SECONDS = 0.5  # between two looks


class Instance:
    """Started, watched and ended; started again under the same name when it has died."""

    def __init__(self, plan: Plan, logs: FileLogs, tokens: TokenFiles) -> None:
        self.launch = plan.launch
        self.id = f"{plan.launch.service_id}-{''.join(secrets.choice(LETTERS) for _ in range(5))}"
        self.port: int | None = None
        self.healthy = False
        self.restarts = 0
        self.since = clock.now()
        self._plan = plan
        self._logs = logs
        self._tokens = tokens
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._log = Path()
        self._body: ProcessBody | None = None
        self._code: int | None = None
        self._over_memory = False
        self._next_look = 0.0

    @property
    def pid(self) -> int | None:
        """The number of its first process, while there is one."""
        body = self._body  # another thread may take it at any time
        leader = body.leader if body else None
        return leader.pid if leader else None

    def alive(self) -> bool:
        """Whether it runs."""
        body = self._body
        return body is not None and body.code is None

    def well(self) -> bool:
        """Whether it runs, and within its memory: one that holds more is killed."""
        body, limit, now = self._body, self.launch.memory_mb, time.monotonic()
        if limit and body and body.code is None and now >= self._next_look:
            self._next_look = now + MEMORY_SECONDS
            if body.holds_more_than(limit):
                self._over_memory = True
                body.stop(0.0)
        return self.alive() and not self._over_memory

    def crash(self) -> Crash:
        """How it has ended, said in its log, too."""
        body, limit = self._body, self.launch.memory_mb
        code = body.wait() if body else self._code or 0
        code = code if code >= 0 else 128 - code
        over = self._over_memory or bool(limit and body and body.holds_more_than(limit))
        limit, self._over_memory = (limit if over else None), False
        text = f"==> Ran out of memory (used over {limit}MB)" if limit else f"==> Exited with status {code}"
        self._logs.append(self.launch.service_id, text, type="app", instance=self.id)
        return Crash(self.launch.service_id, self.id, code, limit)

    def status(self) -> InstanceStatus:
        """How it does."""
        return InstanceStatus(
            id=self.id,
            deploy_id=self.launch.deploy_id,
            pid=self.pid,
            port=self.port,
            healthy=self.healthy and self.alive(),
            since=self.since.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            restarts=self.restarts,
        )

    def start(self, cancelled: threading.Event) -> None:
        """Return when it is healthy; else end it and raise with its last lines."""
        try:
            for attempt in range(PORT_TRIES):
                self._spawn()
                why = self._wait(cancelled)
                if why is None:
                    self.healthy, self.since = True, clock.now()
                    return
                lines = last_lines(self._log)
                code = self._kill()
                raced = code is not None and self.port is not None and not is_free(self.port)
                if not raced or attempt == PORT_TRIES - 1:
                    failure = RuntimeFailure(f"instance {self.id} did not come up: {why}{_how(code)}", lines)
                    break
        except BaseException:
            self.end(drain=False)
            raise
        self.end(drain=False)
        raise failure

    def restart(self) -> None:
        """Start it again after it has died, on another port."""
        with self._lock:
            if self._ended.is_set():
                return
            self.healthy = False
            self._kill()
            self.restarts += 1
            self._spawn()
        why = self._wait(self._ended)
        if why is not None:
            lines = last_lines(self._log)
            self._code = self._kill()
            if self._ended.is_set():
                return
            raise RuntimeFailure(f"instance {self.id} did not come up again: {why}", lines)
        self.healthy, self.since = True, clock.now()

    def abandon(self) -> None:
        """Start it no more when it dies; a restart under way gives up."""
        self._ended.set()

    def end(self, *, drain: bool) -> None:
        """End it for good: with `drain`, when its requests are answered or the service's limit is over."""
        self.abandon()
        deadline = time.monotonic() + self.launch.drain_seconds
        if drain:
            self._wait_until_idle(deadline)
        self.healthy = False
        with self._lock:
            self._kill(max(1.0, deadline - time.monotonic()) if drain else 2.0)
            self._logs.finish(self.launch.service_id, self.id)
            self._tokens.forget(self.id)
            workspaces.remove(self.id)

    def _spawn(self) -> None:
        in_container = bool(self.launch.release.image)
        kind, mode = (ContainerBody, 0o644) if in_container else (ProcessBody, 0o600)
        with explained(f"cannot start instance {self.id}"):
            workspace = workspaces.make(self.id, self.launch.release)
            token = {}
            if self.launch.subject:
                token = self._tokens.give(self.id, workspace.token, self.launch.service_id, self.launch.subject, mode)
            env = {**token, **self._plan.env, "RENDER_INSTANCE_ID": self.id}
            if self.launch.has_port:
                self._release_port()
                self.port = ports.reserve()
                env["PORT"] = str(self.port)
            self._log = self._logs.follow(self.launch.service_id, self.id)
            self._body = kind(self.id, self._plan, workspace, env, self._log)

    def _wait(self, cancelled: threading.Event) -> str | None:
        """None once it is healthy and nobody but this machine reaches it, else why not."""
        why = self._wait_until_healthy(cancelled)
        body = self._body
        refused = body.exposed() if body else None
        return refused or why

    def _wait_until_healthy(self, cancelled: threading.Event) -> str | None:
        timeout = self.launch.timeout
        if self.port is None:
            return health.wait_until_quiet(lambda: self.pid, timeout=timeout, alive=self.alive, cancelled=cancelled)
        return health.wait_for_port(
            self.port,
            self.launch.health_path,
            self._plan.host,
            timeout=timeout,
            alive=self.alive,
            cancelled=cancelled,
        )

    def _kill(self, seconds: float = 2.0) -> int | None:
        """How it had ended by itself before, if it had. Two threads may come here at once."""
        body, code = self._body, None
        if body is not None:
            code = body.code
            body.stop(seconds)
            body.forget()
        self._body = None
        self._release_port()
        return code

    def _release_port(self) -> None:
        if self.port is not None:
            ports.release(self.port)

    def _wait_until_idle(self, deadline: float) -> None:
        """The edge opens a connection for each request, so no connection means no request."""
        idle = 0
        while self.port is not None and idle < IDLE_LOOKS and time.monotonic() < deadline and self.alive():
            idle = 0 if family.busy(self.pid, self.port) else idle + 1
            time.sleep(IDLE_SECONDS)


def _how(code: int | None) -> str:
    if code is None:
        return ""
    return f" with exit code {code}" if code >= 0 else f" by signal {-code}"
