"""The Render API on a free port before a runtime that runs nothing."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from localcloud.machine.identity import Identity
from localcloud.render.api.server import create_server
from localcloud.render.api.store import Store
from localcloud.render.local_render import LocalRender
from tests.support.runtime_fake import FakeRuntime
from tests.support.waiting import eventually

OWNER = "tea-d0000000000000000000"
IDENTITY = Identity(OWNER, "rnd_test", "123456789012", "AKIATEST", "secret", "passphrase")


@dataclass
class Api:
    """The API over HTTP, and the runtime behind it."""

    url: str
    runtime: FakeRuntime
    render: LocalRender

    def call(self, method: str, path: str, body: Any = None, *, status: int | None = None, **options: Any) -> Any:
        """The decoded reply (None when empty) of a call that must answer with that status."""
        reply = self.raw(method, path, body, **options)
        if status is not None:
            assert reply.status_code == status, f"{method} {path}: {reply.status_code} {reply.text}"
        return reply.json() if reply.content else None

    def raw(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        """The reply itself."""
        options.setdefault("headers", {"Authorization": "Bearer rnd_test"})
        return requests.request(method, self.url + path, json=body, timeout=20, **options)

    def settled(self, service_id: str, deploy_id: str) -> dict[str, Any]:
        """A deploy that has ended."""

        def ended() -> Any:
            deploy = self.call("GET", f"/v1/services/{service_id}/deploys/{deploy_id}", status=200)
            return deploy if deploy["finishedAt"] else None

        found: dict[str, Any] = eventually(ended)
        return found


@contextlib.contextmanager
def serving(folder: Path, runtime: FakeRuntime | None = None) -> Iterator[Api]:
    """The API with its state in that folder, until the block ends."""
    runtime = runtime or FakeRuntime(folder)
    render = LocalRender(Store(folder / "api.sqlite"), runtime.runtime, IDENTITY)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = create_server(render, 0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        api = Api(f"http://127.0.0.1:{listener.getsockname()[1]}", runtime, render)
        try:
            eventually(lambda: render.ready or render.broken)
            yield api
        finally:
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive()


def web(name: str = "web", **changes: Any) -> dict[str, Any]:
    """The body of POST /services for a web service from an image."""
    details = {"runtime": "image", "plan": "starter", "region": "frankfurt", "envSpecificDetails": {}}
    body = {
        "type": "web_service",
        "name": name,
        "ownerId": OWNER,
        "image": {"ownerId": OWNER, "imagePath": "nginx"},
        "serviceDetails": {**details, **changes.pop("details", {})},
        **changes,
    }
    return {key: value for key, value in body.items() if value is not None}


def branch_web(name: str = "web", branch: str = "develop", **changes: Any) -> dict[str, Any]:
    """The body of POST /services for a Python web service from a branch."""
    specific = {"buildCommand": "make", "startCommand": "python serve.py"}
    details = {"runtime": "python", "envSpecificDetails": specific, **changes.pop("details", {})}
    repo = "https://github.com/example/app"
    return web(name, image=None, repo=repo, branch=branch, details=details, **changes)


def create(api: Api, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A service and its first deploy, ended."""
    made = api.call("POST", "/v1/services", body, status=201)
    return made["service"], api.settled(made["service"]["id"], made["deployId"])
