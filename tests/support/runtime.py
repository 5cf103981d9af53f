"""A real runtime in a folder of its own, and small programs for it to run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
import requests

from localcloud.machine import process
from localcloud.render.runtime.create import create
from localcloud.render.runtime.databases.folders import reset_folders
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import Launch, Release, Run
from tests.support import carriers
from tests.support.repeated import Repeated

APP = """
import http.server, os, sys, time

class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/slow":
            time.sleep(1)
        body = f"{os.environ['VERSION']} {self.path}".encode()
        self.send_response(500 if os.environ.get("BROKEN") and self.path == "/health" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        print(self.path)

print("serving", os.environ["VERSION"])
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever()
"""


@contextmanager
def running(folder: Path) -> Iterator[Runtime]:
    """A started runtime; afterwards nothing of it is left, neither processes nor folders."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLIPWAY_ROOT", str(folder))
        made = create()
        made.start()
        try:
            yield made
        finally:
            made.stop()
            left = [one.name for one in process.running()]
            for extra in reset_folders():
                shutil.rmtree(extra)
            assert left == []


def release(folder: Path, version: str, text: str = APP, **env: str) -> Release:
    """A release that runs one Python file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.py").write_text(text)
    return carriers.chosen.release(folder, {"VERSION": version, **env})


def deploy(
    runtime: Runtime, service: str, deploy_id: str, what: Release, *, count: int = 1, drain: float = 5
) -> None:
    """Bring a release up and send traffic to it."""
    runtime.instances.start(web(service, deploy_id, what, count=count, drain_seconds=drain))
    runtime.instances.switch(service, deploy_id)


def web(
    service: str, deploy_id: str, what: Release, *, count: int = 1, timeout: float = 20, drain_seconds: float = 30
) -> Launch:
    """Instances with a port each and a health path."""
    return Launch(
        service,
        deploy_id,
        what,
        (),
        {},
        count=count,
        health_path="/health",
        has_port=True,
        timeout=timeout,
        drain_seconds=drain_seconds,
    )


def worker(service: str, what: Release, command: str | tuple[str, ...] = (), *, count: int = 1) -> Launch:
    """Instances without a port."""
    return Launch(service, "dep-1", what, command, {}, count=count, health_path=None, has_port=False, timeout=20)


def run(
    runtime: Runtime,
    service: str,
    what: Release,
    command: str | tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
    *,
    run_id: str = "job",
    timeout: float = 20,
) -> int:
    """Run a command to its end, its lines in the service's log under the run's name."""
    job = Run(service, run_id, what, command, env or {}, log_name=run_id, timeout=timeout)
    return runtime.instances.run(job, print)


@contextmanager
def requesting(url: str, clients: int = 3) -> Iterator[list[str]]:
    """Ask without a pause from several clients that keep their connections; yields what each answer was."""
    answers: list[str] = []

    def ask(session: requests.Session) -> None:
        try:
            response = session.get(url, timeout=20)
            answers.append(f"{response.status_code} {response.text}")
        except requests.RequestException as error:
            answers.append(repr(error))

    with ExitStack() as stack:
        sessions = [stack.enter_context(requests.Session()) for _ in range(clients)]
        stack.enter_context(Repeated((partial(ask, session) for session in sessions), pause=0))
        yield answers
