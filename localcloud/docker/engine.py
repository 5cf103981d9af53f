"""The container engine of this machine, where one runs: found and asked as every client of Docker's does it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from console.errors import ExplainedError

SOCKET = Path("/var/run/docker.sock")
HINT = "start it (https://docs.docker.com/engine/daemon/start), or name its socket in DOCKER_HOST"
ASK_SECONDS = 60.0
OURS = b"localcloud.docker"  # what the `docker` on the local PATH has in it, of whatever checkout


class NoEngineError(ExplainedError):
    """Nothing here runs containers; `why` says what was looked for."""

    def __init__(self, why: str) -> None:
        super().__init__("there is no container engine", why, hint=HINT)
        self.why = why


@dataclass(frozen=True)
class Engine:
    """One that has answered: its socket, its version, and the `docker` that speaks to it."""

    client: str
    host: str
    version: str

    def command(self, *words: str) -> list[str]:
        """What is started. The engine is named in it: no variable of a service can lead to another."""
        return [self.client, f"--host={self.host}", *words]

    def ask(
        self, *words: str, environment: Mapping[str, str] | None = None, seconds: float = ASK_SECONDS
    ) -> subprocess.CompletedProcess[str]:
        """One command to its end, whatever that is."""
        return _asked(self.command(*words), environment, seconds)

    def do(self, *words: str, environment: Mapping[str, str] | None = None, seconds: float = ASK_SECONDS) -> str:
        """One command that has to work, and what it prints."""
        done = self.ask(*words, environment=environment, seconds=seconds)
        if done.returncode != 0:
            what = next(word for word in words if not word.startswith("-"))
            why = _last(done.stderr) or f"it ended with {done.returncode}"
            raise ExplainedError(f"docker {what} failed", why)
        return done.stdout.strip()

    def has(self, image: str) -> bool:
        """Whether it holds that image."""
        return self.ask("image", "inspect", "--format={{.Id}}", image).returncode == 0


def find(*, builds: bool = False) -> Engine:
    """The engine that DOCKER_HOST or the usual socket leads to; with `builds`, by a client that knows BuildKit."""
    host = os.environ.get("DOCKER_HOST") or (f"unix://{SOCKET}" if SOCKET.exists() else "")
    if not host:
        raise NoEngineError(f"DOCKER_HOST is not set and {SOCKET} is not there")
    if not host.startswith("unix://"):
        raise NoEngineError(f"DOCKER_HOST is {host}, and containers can share this machine's network on it alone")
    client = next((one for one in clients() if not builds or _builds(one)), None)
    if client is None:
        known = next(clients(), None)
        lacks = f"{known} cannot build with BuildKit: it needs buildx, or to be older than 23"
        raise NoEngineError(lacks if known else "there is no `docker` on PATH")
    asked = _asked([client, f"--host={host}", "version", "--format={{.Server.Version}}"], None, ASK_SECONDS)
    if asked.returncode != 0:
        raise NoEngineError(f"nothing answers at {host} ({_last(asked.stderr)})")
    return Engine(client, host, asked.stdout.strip())


def clients() -> Iterator[str]:
    """Every real `docker` on PATH, in its order."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        found = shutil.which("docker", path=folder)
        if found:
            with Path(found).open("rb") as program:
                ours = OURS in program.read(4096)
            if not ours:
                yield found


def _builds(client: str) -> bool:
    """By buildx, or by itself, as those before 23 do."""
    if _asked([client, "buildx", "version"], None, ASK_SECONDS).returncode == 0:
        return True
    major = _asked([client, "--version"], None, ASK_SECONDS).stdout.removeprefix("Docker version ").partition(".")[0]
    return major.isdigit() and int(major) < 23


def _asked(
    command: list[str], environment: Mapping[str, str] | None, seconds: float
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", f"no answer within {seconds:g} s")
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


def _last(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else ""
