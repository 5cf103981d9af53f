"""The door to the application's own Django: its `manage.py`, with its packages and settings, in another process."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.errors import ExplainedError
from ops.doors.programs import ROOT

INSIDE = "import sys; sys.path.append({root!r}); from ops.doors.django_side.entry import main; main()"
PATIENCE = 120.0  # until a process that was started serves
ANSWER = 30.0
OFTEN = 0.1
KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "USER")
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"  # for what asks no database
DIFFER = "Migrations for"  # what makemigrations says first; the application may log before it
LINES = 5  # of what it said last


@dataclass(frozen=True)
class Answer:
    """What the application said to a request; status 0 where it said nothing."""

    path: str
    status: int
    body: str


@dataclass(frozen=True)
class Django:
    """The application in one folder, with the variables that it starts with."""

    root: Path
    variables: Mapping[str, str]

    def ask(self, question: str, database: str = "", **about: Any) -> Any:
        """What the code in `django_side` answers there, at the database with this address."""
        with tempfile.TemporaryDirectory(prefix="slipway-") as folder:
            answer = Path(folder, "answer.json")
            code = INSIDE.format(root=str(ROOT))
            given = json.dumps({"question": question, "about": about, "answer": str(answer)})
            done = self._run("shell", "-v", "0", "-c", code, database=database, given=given)
            if not answer.exists():
                raise _failed(self.root, "shell", done)
            return json.loads(answer.read_text())

    def models_differ(self, database: str) -> str:
        """What `makemigrations` would write: models that no migration brings about; empty where there is none."""
        done = self._run("makemigrations", "--check", "--dry-run", "--no-color", database=database)
        if done.returncode == 0:
            return ""
        if DIFFER not in done.stdout:
            raise _failed(self.root, "makemigrations", done)
        return done.stdout[done.stdout.find(DIFFER) :].strip()

    @contextmanager
    def serving(self, words: str, database: str, health: str) -> Iterator[Web]:
        """It runs on a free port, until the block ends; `words` are the command that starts it."""
        port, log = _free_port(), tempfile.TemporaryFile(prefix="slipway-")  # noqa: SIM115 - closed below
        env = self._env(database) | {"PORT": str(port), "WEB_CONCURRENCY": "1"}
        command = [sys.executable, *words.split()[1:]]
        child = subprocess.Popen(
            command, cwd=self.root, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0
        )
        try:
            web = Web(port, child, log)
            web.wait(health)
            yield web
        finally:
            child.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                child.wait(ANSWER)
            if child.poll() is None:
                child.kill()
                child.wait()
            log.close()

    def _run(self, *words: str, database: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=self.root,
            env=self._env(database),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    def _env(self, database: str) -> dict[str, str]:
        """Nothing of ours: what a shell or a test run has set is no setting of the application."""
        ours = {name: os.environ[name] for name in KEPT if name in os.environ}
        return ours | dict(self.variables) | {"DATABASE_URL": database or NOWHERE}


@dataclass(frozen=True)
class Web:
    """A process that serves."""

    port: int
    child: subprocess.Popen[bytes]
    log: Any

    def wait(self, health: str) -> None:
        """Until it says that it is healthy; where it does not, what it said."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.child.poll() is None:
            answer = self.get(health)
            if answer.status == 200:
                return
            time.sleep(OFTEN)
        state = "did not become healthy" if self.child.poll() is None else f"ended with {self.child.returncode}"
        raise StartError(f"it {state}: {self.last_line()}")

    def get(self, path: str) -> Answer:
        """One request, no redirect followed."""
        return self._ask(path, None)

    def post(self, path: str) -> Answer:
        """The same with an empty JSON object, which has to change nothing."""
        return self._ask(path, b"{}")

    def _ask(self, path: str, body: bytes | None) -> Answer:
        headers = {"Content-Type": "application/json"} if body else {}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
        try:
            with opener.open(request, timeout=ANSWER) as response:
                return Answer(path, response.status, response.read(2000).decode(errors="replace"))
        except urllib.error.HTTPError as error:
            return Answer(path, error.code, error.read(2000).decode(errors="replace"))
        except OSError as error:
            return Answer(path, 0, str(error))

    def last_line(self) -> str:
        """What it wrote last."""
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


class StartError(Exception):
    """A process of the application that never served."""


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow none."""


def invented(names: Mapping[str, int]) -> dict[str, str]:
    """Secrets for one run: no environment has them."""
    return {name: secrets.token_hex(length)[:length] for name, length in names.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _failed(root: Path, what: str, done: subprocess.CompletedProcess[str]) -> ExplainedError:
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    told = "\n".join(lines[-LINES:]) or "it said nothing"
    return ExplainedError(
        f"cannot ask the application in {root}",
        f"`manage.py {what}` ended with {done.returncode}: {told}",
        hint=f"it has to start by itself: python {root / 'manage.py'} check",
    )
