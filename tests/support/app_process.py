"""The app as its users meet it: `start.py` in a process of its own, spoken to over HTTP."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests

from tests.support.postgres_cluster import free_port
from tests.support.waiting import eventually

APP = Path(__file__).parents[2] / "app"
KEY = "invented-key-0123456789012345678901234567"
PATIENCE_SEC = 20.0
MOMENT_SEC = 0.05
MIGRATIONS = 42


def variables(database_url: str, home: Path, **overrides: str) -> dict[str, str]:
    """A whole environment for the app and nothing of this test run's own."""
    return {
        "PATH": "/usr/bin:/bin",
        "TMPDIR": str(home),
        "ENVIRONMENT": "dev",
        "DJANGO_SECRET_KEY": KEY,
        "DATABASE_URL": database_url,
        "APP_VERSION": "1.2.3",
        "WEB_CONCURRENCY": "1",
        **overrides,
    }


def run(*arguments: str, env: dict[str, str], app: Path = APP) -> subprocess.CompletedProcess[str]:
    """Run a script of the app to its end."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=app, env=env, capture_output=True, text=True, timeout=60, check=False
    )


def copy_of_app(folder: Path) -> Path:
    """One that a test may edit."""
    return Path(shutil.copytree(APP, folder, ignore=shutil.ignore_patterns("__pycache__")))


class AppProcess:
    """One `start.py COMMAND`, its output in a file."""

    def __init__(self, command: str, env: dict[str, str], log: Path, app: Path = APP) -> None:
        self.port = int(env.setdefault("PORT", str(free_port())))
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "start.py", command], cwd=app, env=env, stdout=output, stderr=subprocess.STDOUT
            )

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """One request over a connection of its own."""
        timeout = options.pop("timeout", PATIENCE_SEC)
        url = f"http://127.0.0.1:{self.port}{path}"
        return requests.request(method, url, allow_redirects=False, timeout=timeout, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET."""
        return self.request("GET", path, **options)

    def healthy(self) -> AppProcess:
        """Wait until it serves."""

        def answers() -> bool:
            assert self.process.poll() is None, f"it ended:\n{self.log.read_text()}"
            try:
                return self.get("/health/").status_code == 200
            except requests.ConnectionError:
                return False

        eventually(answers, "the app serves")
        return self

    def told(self) -> list[dict[str, Any]]:
        """What /health/ says one time after the other until the process ends; it must never be 200."""
        heard: list[dict[str, Any]] = []
        while not self.ended():
            try:
                answer = self.get("/health/")
            except requests.RequestException:  # nobody answers, or was cut off by the end
                continue
            assert answer.status_code == 503, f"it was healthy:\n{self.log.read_text()}"
            body = answer.json()
            assert ("Retry-After" in answer.headers) == (body["status"] == "starting")
            if body not in heard:
                heard.append(body)
        return heard

    def ended(self) -> bool:
        """Whether it ends within a moment, in which it has the machine for itself."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(MOMENT_SEC)
        return self.process.returncode is not None

    def says(self, text: str) -> str:
        """Wait until `text` is in its log, and give the log."""

        def said() -> str:
            log = self.log.read_text()
            if text in log:
                return log
            assert self.process.poll() is None, f"it ended before it said {text!r}:\n{log}"
            return ""

        return str(eventually(said, f"the log says {text!r}"))

    def messages(self) -> list[str]:
        """Every message logged so far; a line that is not JSON fails the test."""
        return [json.loads(line)["message"] for line in self.log.read_text().splitlines()]

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SEC)

    def end(self) -> None:
        """Make sure that it is gone."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE_SEC)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise


# What the fixture `start` gives: `start("web", database, NAME="value")`.
Start = Callable[..., AppProcess]
