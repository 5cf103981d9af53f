"""What an instance runs as: a process group of this machine, or a container with a client that holds it."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from localcloud.machine import process
from localcloud.machine.process import Process
from localcloud.render.runtime.containers.container import Container
from localcloud.render.runtime.containers.container import environment as of_container
from localcloud.render.runtime.containers.memory import killed_for_memory
from localcloud.render.runtime.instances import memory
from localcloud.render.runtime.instances.plan import Plan
from localcloud.render.runtime.instances.workspaces import Workspace
from localcloud.render.runtime.processes.confined import listeners
from localcloud.render.runtime.processes.confined.start import spawn

PREFIX = "instance-"
LEADER_SECONDS = 0.1


class ProcessBody:
    """A process group, from its start to its end."""

    def __init__(self, instance: str, plan: Plan, workspace: Workspace, env: Mapping[str, str], log: Path) -> None:
        self.log = log
        argv, given = self._prepared(instance, plan, workspace, env)
        self.process, self._popen = spawn(PREFIX + instance, argv, log=log, env=given, cwd=workspace.files)

    def _prepared(
        self, instance: str, plan: Plan, workspace: Workspace, env: Mapping[str, str]
    ) -> tuple[list[str], Mapping[str, str]]:
        del instance
        return plan.argv, {**workspace.environment, **env}

    @property
    def leader(self) -> Process | None:
        """The first process of what the release runs."""
        return self.process

    @property
    def code(self) -> int | None:
        """How it has ended; None while it runs."""
        return self._popen.poll()

    def wait(self) -> int:
        """How it has ended, once it has."""
        return self._popen.wait()

    def holds_more_than(self, limit_mb: int) -> bool:
        """Whether it holds more memory than that."""
        return memory.holds_more_than(self.process.pid, limit_mb)

    def exposed(self) -> str | None:
        """Why it was ended, if the network has reached it."""
        return listeners.refused(self.process, self.log)

    def stop(self, seconds: float) -> None:
        """Ask it to end; after so long it is killed."""
        process.stop(self.process, seconds=seconds)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(5)

    def forget(self) -> None:
        """It has ended, and all that was to be known of it is."""


class ContainerBody(ProcessBody):
    """The process group is the engine's client: it ends as the container does, and hands on what it is asked."""

    def _prepared(
        self, instance: str, plan: Plan, workspace: Workspace, env: Mapping[str, str]
    ) -> tuple[list[str], Mapping[str, str]]:
        launch = plan.launch
        self._leader: Process | None = None
        self._next_look = 0.0
        self._container = Container.of(instance, workspace.folder)
        given = of_container(env)
        return self._container.command(launch.release, plan.argv, given, launch.memory_mb, launch.cpus), given

    @property
    def leader(self) -> Process | None:
        """Asked of the engine until it is there: it comes up after its client."""
        now = time.monotonic()
        if self._leader is None and self.code is None and now >= self._next_look:
            self._next_look = now + LEADER_SECONDS
            self._leader = self._container.leader()
            if self._leader:
                listeners.watch(self._leader, self.log)
        return self._leader

    def holds_more_than(self, limit_mb: int) -> bool:
        """The kernel ends what does; one whose first process has outlived that is ended as a whole, as at Render."""
        del limit_mb
        if self.code is not None:
            return self._container.ran_out_of_memory()
        return self.leader is not None and killed_for_memory(self.leader.pid)

    def exposed(self) -> str | None:
        """Of what is in the container: its client listens nowhere."""
        return listeners.refused(self.leader, self.log) if self.leader else None

    def stop(self, seconds: float) -> None:
        """The client hands on what it is told; killed, it would leave its container."""
        if seconds <= 0:
            self._container.kill()
        super().stop(seconds)

    def forget(self) -> None:
        """Also of one whose client was killed."""
        self._container.remove()
