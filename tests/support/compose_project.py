"""Services of compose.yaml in a test's own engine, which knows the host's network alone; from a base made here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from tests.support import base_image
from tests.support.container_engine import ContainerEngine
from tests.support.postgres_cluster import INSTALLATION

ROOT = Path(__file__).parents[2]
PLACES = ("~/.docker", "/usr/local/lib/docker", "/usr/local/libexec/docker", "/usr/lib/docker", "/usr/libexec/docker")
LEAST = (2, 24)  # which knows `!reset`
PATIENCE_SEC = 120
PACKAGES = Path(sysconfig.get_path("purelib"))
INSIDE = f"/usr/local/lib/{base_image.PYTHON}/site-packages"
IDLE = "import signal; signal.signal(signal.SIGTERM, lambda *_: exit()); signal.pause()"
# What the images would hold is mounted: nothing is built, and nothing of what production asks is taken away.
OVERRIDE = """
x-idle: &idle
  network_mode: host
  command: [python, -c, "{idle}"]
x-data: &data
  network_mode: host
  working_dir: /srv/slipway
  environment:
    PATH: {inside}/{programs}:/usr/local/bin:/usr/bin:/bin
    PYTHONDONTWRITEBYTECODE: "1"
services:
  web: {{<<: *idle, healthcheck: {{test: [CMD-SHELL, ":"], interval: 1s}}}}
  worker: {{<<: *idle, healthcheck: {{interval: 1s}}}}
  backup:
    <<: *data
    volumes: [&root "{root}:/srv/slipway:ro", &packages "{packages}:{inside}:ro"]
  restore:
    <<: *data
    volumes: [*root, *packages, "{socket}:/var/run/docker.sock"]
"""


def missing() -> str | None:
    """Why there is no Compose that can be used, or None."""
    return None if _compose() else f"there is no Docker Compose {'.'.join(map(str, LEAST))} or newer on this machine"


class ComposeProject:
    """The repository's two files, as scripts/deploy.sh gives them, with what stands in for the images."""

    def __init__(self, engine: ContainerEngine, folder: Path, values: Mapping[str, str]) -> None:
        self._engine = engine
        packages = INSTALLATION.relative_to(PACKAGES) / "bin"
        text = OVERRIDE.format(
            idle=IDLE,
            inside=INSIDE,
            programs=packages,
            root=ROOT,
            packages=PACKAGES,
            socket=engine.host.removeprefix("unix://"),
        )
        (folder / "override.yaml").write_text(text)
        (folder / "given.env").write_text("".join(f"{name}={value}\n" for name, value in values.items()))
        files = (ROOT / "compose.yaml", ROOT / "compose.prod.yaml", folder / "override.yaml")
        self._words = [f"--env-file={folder / 'given.env'}", *(f"--file={file}" for file in files)]
        self._words += [f"--profile={name}" for name in ("prod", "backup", "restore")]
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DOCKER_HOST": engine.host,
            "ENV_FILE": str(folder / "given.env"),
            **dict.fromkeys(("APP_IMAGE", "DATA_IMAGE"), base_image.NAME),
        }

    def do(self, *words: str) -> str:
        """One command that has to work, and what it prints."""
        done = subprocess.run(
            [str(_compose()), *self._words, *words],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SEC,
            check=False,
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def started(self, service: str) -> str:
        """When its container was started last; nothing while it does not run."""
        state = self._engine.inspect(self.do("ps", "--all", "--quiet", service).strip())["State"]
        return str(state["StartedAt"]) if state["Running"] else ""


def _compose() -> str | None:
    folders = [*os.get_exec_path(), *(str(Path(place, "cli-plugins").expanduser()) for place in PLACES)]
    for folder in folders:
        if (found := shutil.which("docker-compose", path=folder)) and _version(found) >= LEAST:
            return found
    return None


def _version(program: str) -> tuple[int, ...]:
    done = subprocess.run([program, "version", "--short"], capture_output=True, text=True, check=False)
    said = done.stdout.strip().removeprefix("v").split(".")[:2]
    return tuple(map(int, said)) if len(said) > 1 and all(part.isdigit() for part in said) else ()
