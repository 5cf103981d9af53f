"""scripts/maintenance.sh: which commands it gives to Docker, and what it resumes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# Runs what is run in the gateway here, with the flag's folder among this test's; notes the rest.
DOCKER = """#!/bin/sh
shift; while [ $# -gt 0 ]; do case $1 in --profile) shift 2; break ;; *) shift ;; esac; done
case "$*" in
    "exec -T gateway "*)
        [ -z "$GONE" ] || exit 1
        shift 3
        for word; do shift; set -- "$@" "$(printf %s "$word" | sed "s|/var/lib/maintenance|$FLAGS|g")"; done
        exec "$@" ;;
    "ps --quiet --status running worker") [ ! -e "$FLAGS/../running" ] || echo container ;;
    "stop worker") rm "$FLAGS/../running"; echo stop >>"$FLAGS/../calls" ;;
    "start worker") touch "$FLAGS/../running"; echo start >>"$FLAGS/../calls" ;;
esac
"""


class System:
    """The script in a folder of its own, with a `docker` that does what it is asked to the flag."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.worker, self.flag = folder, folder / "running", folder / "flags/on"
        for name in ("scripts", "bin", "flags"):
            (folder / name).mkdir()
        shutil.copy(ROOT / "scripts/maintenance.sh", folder / "scripts")
        docker = folder / "bin/docker"
        docker.write_text(DOCKER)
        docker.chmod(0o755)
        (folder / "given.env").touch()
        self.worker.touch()

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [self.folder / "scripts/maintenance.sh", *words],
            cwd="/",
            env={"PATH": path, "FLAGS": str(self.folder / "flags"), "GONE": "", **variables},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def told(self, *words: str) -> str:
        """What it prints where it succeeds."""
        done = self.run(*words, "given.env")
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture
def system(tmp_path: Path) -> System:
    """One that runs."""
    return System(tmp_path)


def test_on_and_off(system: System) -> None:
    """The flag is there and the worker rests; then neither."""
    assert system.told("status") == "off"
    assert system.told("on") == "on"
    assert (system.flag.exists(), system.worker.exists()) == (True, False)
    assert system.told("status") == "on"
    assert system.told("off") == "off"
    assert (system.flag.exists(), system.worker.exists()) == (False, True)


def test_a_second_on_forgets_nothing(system: System) -> None:
    """The worker that the first one stopped is started again."""
    system.told("on")
    system.told("on")
    system.told("off")

    assert system.worker.exists()
    assert (system.folder / "calls").read_text() == "stop\nstart\n"


def test_a_worker_that_somebody_had_stopped_stays_so(system: System) -> None:
    """Only what it stopped is started."""
    system.worker.unlink()

    system.told("on")
    system.told("off")

    assert not system.worker.exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("up", "given.env"), 2, "there is no `up`"),
        (("on", "other.env"), 2, "there is no other.env"),
        (("on", "given.env"), 1, "the gateway does not do it"),
    ],
)
def test_what_it_cannot_do_is_told(system: System, words: tuple[str, ...], code: int, said: str) -> None:
    """With what to do about it."""
    done = system.run(*words, GONE="1")

    assert done.returncode == code
    assert said in done.stderr
    assert "\n\nhint: " in done.stderr
