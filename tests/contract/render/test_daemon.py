"""The daemon itself: `python -m localcloud.render` with its real runtime, killed and ended."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.waiting import eventually

SECONDS = 60
ROOT = Path(__file__).parents[3]
STOP = "from localcloud.machine import process; process.stop_all()"


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A local cloud of its own, with nothing of it left running afterwards."""
    env = {**os.environ, "SLIPWAY_ROOT": str(tmp_path), "PYTHONPATH": str(ROOT)}
    yield env
    subprocess.run([sys.executable, "-c", STOP], env=env, check=True, timeout=SECONDS)


def start(env: dict[str, str]) -> tuple[subprocess.Popen[bytes], str, dict[str, str]]:
    """The daemon once it is ready, its URL, and the headers of its user."""
    log = Path(env["SLIPWAY_ROOT"], "daemon.log")
    with log.open("ab") as output:
        daemon = subprocess.Popen([sys.executable, "-m", "localcloud.render"], env=env, stdout=output, stderr=output)
    local = Path(env["SLIPWAY_ROOT"], ".local")

    def ready() -> str:
        assert daemon.poll() is None, log.read_text()
        try:
            url = f"http://127.0.0.1:{json.loads((local / 'ports.json').read_text())['render']}"
            return url if requests.get(f"{url}/_local/health", timeout=2).status_code == 200 else ""
        except (OSError, KeyError):
            return ""

    url = str(eventually(ready, "the daemon is ready", SECONDS))
    key = json.loads((local / "identity.json").read_text())["render_api_key"]
    return daemon, url, {"Authorization": f"Bearer {key}"}


def test_the_daemon_survives_a_kill_and_ends_cleanly(environment: dict[str, str]) -> None:
    """What was answered before SIGKILL is there afterwards, at the same address; SIGTERM ends with exit code 0."""
    killed, url, headers = start(environment)
    try:
        [item] = requests.get(f"{url}/v1/owners", headers=headers, timeout=5).json()
        body = {"name": "kept", "ownerId": item["owner"]["id"], "environments": [{"name": "dev"}]}
        made = requests.post(f"{url}/v1/projects", json=body, headers=headers, timeout=5).json()
    finally:
        killed.kill()
        killed.wait(SECONDS)

    daemon, again, headers = start(environment)
    try:
        found = requests.get(f"{again}/v1/projects/{made['id']}", headers=headers, timeout=5).json()
    finally:
        daemon.send_signal(signal.SIGTERM)
        code = daemon.wait(SECONDS)

    assert (again, found) == (url, made)
    assert code == 0


def test_a_taken_port_is_one_clear_error(environment: dict[str, str]) -> None:
    """A second daemon beside the first says which port is taken, without a traceback."""
    daemon, url, _ = start(environment)
    try:
        second = subprocess.run(
            [sys.executable, "-m", "localcloud.render"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(SECONDS)

    assert second.returncode == 1
    assert f"port {url.rpartition(':')[2]} on 127.0.0.1 is taken" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_file_of_another_version_is_one_clear_error(environment: dict[str, str]) -> None:
    """A daemon that cannot read what it finds ends with exit code 1, names the command, and changes nothing."""
    path = Path(environment["SLIPWAY_ROOT"], ".local", "render", "api.sqlite")
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE records (kind TEXT, id TEXT, sequence INTEGER, body TEXT)")
    before = path.read_bytes()

    refused = subprocess.run(
        [sys.executable, "-m", "localcloud.render"], env=environment, capture_output=True, text=True, timeout=SECONDS
    )

    assert refused.returncode == 1
    assert "another version of slipway has written it (format 0," in refused.stderr
    assert "hint: ./slipway local reset" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert path.read_bytes() == before
