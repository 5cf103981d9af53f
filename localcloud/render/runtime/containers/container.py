"""One container: `docker run` in the foreground, whose output, signals and exit code are the program's own."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from console.errors import ExplainedError
from localcloud.docker import ours
from localcloud.docker.engine import Engine, find
from localcloud.machine.process import Process
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.processes.confined.start import HERE
from localcloud.render.runtime.tokens.files import VARIABLE
from localcloud.render.runtime.values import Release

NOBODY = "65534:65534"
SHARED = "/run/slipway"  # the token, and what keeps Python programs on loopback
MOST_PROCESSES = 4096
CARRIED = ("AWS_ENDPOINT_URL",)  # how the cloud on this machine is reached


@dataclass(frozen=True)
class Container:
    """What is known of one before it runs. `folder` is its workspace."""

    name: str
    engine: Engine
    folder: Path

    @classmethod
    def of(cls, name: str, folder: Path) -> Container:
        """One of that name, ready to be started; what had the name before is gone."""
        try:
            made = cls(f"{ours.PREFIX}{name}", find(), folder)
        except ExplainedError as error:
            raise RuntimeFailure(f"cannot run {name} as a container: {error}") from error
        made.remove()
        loopback = folder / "shared/sitecustomize.py"
        loopback.write_bytes((HERE / "python/sitecustomize.py").read_bytes())
        # The container's user is somebody else; on this machine no folder above lets anybody in.
        loopback.parent.chmod(0o755)
        loopback.chmod(0o644)
        return made

    def command(
        self, release: Release, argv: Sequence[str], env: Mapping[str, str], memory_mb: int | None, cpus: float | None
    ) -> list[str]:
        """What is started, in that very environment: the command names the variables and shows no value."""
        options = [
            f"--name={self.name}",
            f"--label={ours.label()}",
            *("--pull=never", "--network=host", "--log-driver=none", "--no-healthcheck"),
            "--init",  # without it a program is the first process, which no signal ends that it does not handle
            *("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges:true"),
            f"--pids-limit={MOST_PROCESSES}",
            f"--user={release.user or NOBODY}",
            f"--mount=type=bind,source={self.folder / 'shared'},target={SHARED},readonly",
            *(f"--env={name}" for name in env),
        ]
        if memory_mb:
            options += [f"--memory={memory_mb}m", f"--memory-swap={memory_mb}m"]
        if cpus:
            options += [f"--cpus={min(cpus, float(os.cpu_count() or 1))}"]
        program, *rest = argv
        config = f"--config={self.folder / 'docker'}"  # nobody's: a user's may give proxies to every container
        return self.engine.command(config, "run", *options, f"--entrypoint={program}", release.image, *rest)

    def leader(self) -> Process | None:
        """Its first process as this machine numbers it, while it runs."""
        pid = int(self._state().get("Pid") or 0)
        try:
            return Process(f"container-{self.name}", pid, psutil.Process(pid).create_time()) if pid else None
        except psutil.NoSuchProcess:
            return None

    def ran_out_of_memory(self) -> bool:
        """Whether it was ended for that."""
        return bool(self._state().get("OOMKilled"))

    def kill(self) -> None:
        """End it now; that it was there stays known."""
        self.engine.ask("kill", self.name)

    def remove(self) -> None:
        """End it and forget it. One that is not there is a success."""
        self.engine.ask("rm", "--force", "--volumes", self.name)

    def _state(self) -> dict[str, Any]:
        asked = self.engine.ask("container", "inspect", "--format={{json .State}}", self.name)
        return dict(json.loads(asked.stdout)) if asked.returncode == 0 else {}


def environment(*given: Mapping[str, str]) -> dict[str, str]:
    """What a container is given: the short list of a process, as far as it holds in an image's own files."""
    result = {name: os.environ[name] for name in CARRIED if name in os.environ}
    result |= {"PYTHONUNBUFFERED": "1", "HOME": "/tmp", "TMPDIR": "/tmp"}  # noqa: S108 - the container's own
    for values in given:
        result.update(values)
    result["PYTHONPATH"] = os.pathsep.join(filter(None, [SHARED, result.get("PYTHONPATH", "")]))
    if VARIABLE in result:
        result[VARIABLE] = f"{SHARED}/token"
    return result
