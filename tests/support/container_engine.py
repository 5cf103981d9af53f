"""A Docker engine of one test session's own: no bridge, no firewall rules, all in one folder, gone afterwards."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.support.waiting import eventually

PATIENCE_SEC = 300
READY_SEC = 30
CAP_SYS_ADMIN = 21  # capabilities(7), linux/capability.h


def missing() -> str | None:
    """Why no engine can be started here, or None."""
    if os.geteuid() != 0:
        return "only root can start a Docker engine"
    if not _may_mount():
        return "root may not mount here, so no Docker engine can be started"
    if shutil.which("dockerd", path=_path()) is None or shutil.which("containerd", path=_path()) is None:
        return "no Docker engine is installed (Debian: apt-get install docker.io)"
    if _client() is None:
        return "no `docker` here can build with BuildKit: it needs buildx, or to be older than 23"
    return None


class ContainerEngine:
    """`dockerd` with a socket, images and containers of its own; it knows no network but the host's."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="engine-"))
        # In memory: thousands of small files come and go with it, and all of them go at once.
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=700,size=3g", "engine", self.home], check=True)
        self.log = self.home / "log"
        self.host = f"unix://{self.home}/socket"
        self._client = str(_client())
        self._environment = {
            "PATH": _path(),
            "DOCKER_HOST": self.host,
            "DOCKER_CONFIG": str(self.home / "config"),  # nobody's logins
            "DOCKER_BUILDKIT": "1",
        }
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    str(shutil.which("dockerd", path=_path())),
                    *("--data-root", self.home / "data", "--exec-root", self.home / "exec"),
                    *("--host", self.host, "--pidfile", self.home / "pid"),
                    *("--bridge=none", "--iptables=false", "--ip-forward=false", "--ip-masq=false"),
                ],
                env={"PATH": _path(), "TMPDIR": str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C is the tests' affair: they remove containers first
            )

    def ready(self) -> ContainerEngine:
        """Wait until it answers; why it ended, where it does."""

        def answers() -> bool:
            if self._process.poll() is not None:
                raise RuntimeError(f"dockerd ended:\n{self.log.read_text()[-2000:]}")
            return self.ask("version").returncode == 0

        eventually(answers, "the engine answers", READY_SEC)
        return self

    def ask(self, *words: str, stdin: Any = subprocess.DEVNULL) -> subprocess.CompletedProcess[str]:
        """One `docker` command to its end, whatever that is."""
        return subprocess.run(
            [self._client, *words],
            env=self._environment,
            stdin=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SEC,
            check=False,
        )

    def do(self, *words: str, stdin: Any = subprocess.DEVNULL) -> str:
        """One `docker` command that has to work, and its stdout."""
        return self._done(words, stdin).stdout.strip()

    def told(self, *words: str) -> str:
        """One `docker` command that has to work, and what it says on stderr, such as the progress of a build."""
        return self._done(words, subprocess.DEVNULL).stderr

    def inspect(self, name: str) -> dict[str, Any]:
        """What the engine knows of an image or a container."""
        [known] = json.loads(self.do("inspect", name))
        return dict(known)

    def _done(self, words: tuple[str, ...], stdin: Any) -> subprocess.CompletedProcess[str]:
        done = self.ask(*words, stdin=stdin)
        if done.returncode != 0:
            raise RuntimeError(f"docker {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def remove(self) -> None:
        """Containers first, then the engine, then all that it stored."""
        try:
            if left := self.do("ps", "--all", "--quiet").split():
                self.do("rm", "--force", *left)
        finally:
            self._process.send_signal(signal.SIGTERM)  # it ends its containerd
            self._process.wait(READY_SEC)
            subprocess.run(
                ["umount", "--recursive", self.home], check=True
            )  # the host's network is mounted there, too
            self.home.rmdir()


def _may_mount() -> bool:
    status = Path("/proc/self/status").read_text()
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(effective, 16) >> CAP_SYS_ADMIN & 1)


def _client() -> str | None:
    """The first `docker` that builds with BuildKit: by buildx, or by itself, as those before 23 do."""
    for folder in _path().split(os.pathsep):
        if (found := shutil.which("docker", path=folder)) and _builds(found):
            return found
    return None


def _builds(docker: str) -> bool:
    if subprocess.run([docker, "buildx", "version"], capture_output=True, check=False).returncode == 0:
        return True
    said = subprocess.run([docker, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.removeprefix("Docker version ").partition(".")[0]
    return major.isdigit() and int(major) < 23


def _path() -> str:
    """Where programs are; an engine's are root's."""
    return os.pathsep.join((os.environ.get("PATH", "/usr/bin:/bin"), "/usr/local/sbin", "/usr/sbin", "/sbin"))
