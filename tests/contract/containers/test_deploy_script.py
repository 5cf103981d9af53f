"""scripts/deploy.sh: which commands it gives to Docker, in which order, and what it does when one fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COMPOSE = "compose --env-file {file} --file compose.yaml --file compose.prod.yaml --profile prod"
BEFORE = "sha256:0ld"
# Notes what it is asked, with the image that Compose would take, and fails where the test says so.
DOCKER = """#!/bin/sh
printf '%s | %s | %s\\n' "$APP_IMAGE" "$APP_VERSION" "$(echo "$*" | tr '\\n' ' ')" >>"$CALLS"
case "$*" in
    *"ps --quiet web") [ -z "$RUNNING" ] || echo container ;;
    inspect*) printf '%s\\nPATH=/usr/bin\\nAPP_VERSION=%s\\n' "$RUNNING" before ;;
    *" build") exit "${BUILD:-0}" ;;
    *" migrate") exit "${MIGRATE:-0}" ;;
    *" --wait "*) [ "$APP_VERSION" = before ] && exit "${AGAIN:-0}" || exit "${START:-0}" ;;
esac
"""


class Deploy:
    """The script in a folder of its own, with a `docker` that only notes what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.calls_file = folder, folder / "calls"
        (folder / "scripts").mkdir()
        shutil.copy(ROOT / "scripts/deploy.sh", folder / "scripts")
        (folder / "bin").mkdir()
        docker = folder / "bin/docker"
        docker.write_text(DOCKER)
        docker.chmod(0o755)
        (folder / "given.env").touch()

    def run(self, *words: str, **failing: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        self.calls_file.write_text("")
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = {
            "PATH": path,
            "CALLS": str(self.calls_file),
            "RUNNING": "",
            "GIT_DIR": "/nonexistent",
            **failing,
        }
        return subprocess.run(
            [self.folder / "scripts/deploy.sh", *words],
            cwd="/",
            env=environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    @property
    def calls(self) -> list[tuple[str, str]]:
        """What Docker was asked: the image, and the command without what is the same in all."""
        same = COMPOSE.format(file="given.env") + " "
        lines = [line.split(" | ") for line in self.calls_file.read_text().splitlines()]
        return [(image, words.strip().removeprefix(same)) for image, _, words in lines]


@pytest.fixture
def deploy(tmp_path: Path) -> Deploy:
    """To be run."""
    return Deploy(tmp_path)


UP = "up --detach --no-build --remove-orphans --wait --wait-timeout 180"
LOGS = "logs --no-color --tail 30 web worker"


def test_it_builds_migrates_and_starts(deploy: Deploy) -> None:
    """In this order, from one image; it is done when everything is healthy."""
    done = deploy.run("given.env")

    words = [command for _, command in deploy.calls]
    images = {image for image, _ in deploy.calls[1:]}
    assert done.returncode == 0
    assert words == ["ps --quiet web", "--profile ops build", "run --rm ops python start.py migrate", UP]
    assert len(images) == 1
    assert images.pop().startswith("app:")
    assert done.stdout.endswith(" is healthy\n")


def test_a_cache_is_started_where_one_is_asked_for(deploy: Deploy) -> None:
    """By its profile."""
    deploy.run("given.env", CACHE="1")

    assert all("--profile cache " in command for _, command in deploy.calls)


def test_what_is_not_healthy_goes_back(deploy: Deploy) -> None:
    """To the image that ran before, whatever its tag; it fails and says what runs."""
    done = deploy.run("given.env", RUNNING=BEFORE, START="1")

    assert done.returncode == 1
    assert [command for _, command in deploy.calls[-3:]] == [UP, LOGS, UP]
    assert [image for image, _ in deploy.calls[-3:]][2] == BEFORE
    assert "did not become healthy within 180 s: before runs again\n\nhint: " in done.stderr


def test_a_first_one_that_is_not_healthy_has_nothing_to_go_back_to(deploy: Deploy) -> None:
    """It says so, and starts nothing else."""
    done = deploy.run("given.env", START="1")

    assert (done.returncode, deploy.calls[-1][1]) == (1, LOGS)
    assert "hint: see its last lines above; nothing ran before it\n" in done.stderr


def test_a_way_back_that_fails_is_told(deploy: Deploy) -> None:
    """Nobody believes that something runs."""
    done = deploy.run("given.env", RUNNING=BEFORE, START="1", AGAIN="1")

    assert done.returncode == 1
    assert "nor, again, before became healthy" in done.stderr


@pytest.mark.parametrize(
    ("failing", "last", "why"),
    [
        ({"BUILD": "1"}, "--profile ops build", "error: cannot build app:"),
        ({"MIGRATE": "1"}, "run --rm ops python start.py migrate", "error: cannot migrate for app:"),
    ],
)
def test_what_fails_before_the_start_changes_nothing(
    deploy: Deploy, failing: dict[str, str], last: str, why: str
) -> None:
    """What ran before goes on running, untouched."""
    done = deploy.run("given.env", RUNNING=BEFORE, **failing)

    assert (done.returncode, deploy.calls[-1][1]) == (1, last)
    assert done.stderr.startswith(why)


def test_without_its_file_nothing_is_asked_of_docker(deploy: Deploy) -> None:
    """The message says how to make one."""
    done = deploy.run("missing.env")

    assert (done.returncode, deploy.calls) == (1, [])
    assert done.stderr == (
        "error: cannot deploy: there is no missing.env\n\nhint: cp app/.env.prod missing.env, and fill it in\n"
    )
