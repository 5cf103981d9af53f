"""A runtime that runs nothing, and a server on a free port, for tests of the Render API alone."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from localcloud.machine.identity import Identity
from localcloud.render.api.server import create_server
from localcloud.render.api.store import Store
from localcloud.render.local_render import LocalRender
from localcloud.render.runtime_protocol import LogLine, Release, RuntimeFailure
from tests.support.waiting import eventually

OWNER = "tea-d0000000000000000000"
IDENTITY = Identity(OWNER, "rnd_test", "123456789012", "AKIATEST", "secret", "passphrase")
HEAD = "a" * 40
DIGEST = "sha256:" + "b" * 64


class FakeRuntime:
    """Remembers what it was told; `failing` and `held` say which calls fail or wait."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls: list[tuple[str, Any]] = []
        self.branches = {"main": HEAD, "develop": HEAD}
        self.failing: dict[str, str] = {}
        self.held: dict[str, threading.Event] = {}
        self.exit_code = 0
        self.lines: dict[str, list[LogLine]] = defaultdict(list)
        self.running: dict[str, str] = {}
        self._canceled: set[str] = set()

    def start(self) -> None:
        self._call("start")

    def stop(self) -> None:
        for event in self.held.values():
            event.set()
        self._call("stop")

    def postgres_versions(self) -> tuple[str, ...]:
        return ("16", "18")

    def create_postgres(self, postgres_id: str, **settings: str) -> None:
        self._call("create_postgres", postgres_id, settings)

    def drop_postgres(self, postgres_id: str) -> None:
        self._call("drop_postgres", postgres_id)

    def suspend_postgres(self, postgres_id: str) -> None:
        self._call("suspend_postgres", postgres_id)

    def resume_postgres(self, postgres_id: str) -> None:
        self._call("resume_postgres", postgres_id)

    def postgres_url(self, _postgres_id: str, *, database: str, user: str, password: str) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:5555/{database}"

    def start_key_value(self, key_value_id: str, **settings: Any) -> None:
        self._call("start_key_value", key_value_id, settings)

    def stop_key_value(self, key_value_id: str) -> None:
        self._call("stop_key_value", key_value_id)

    def drop_key_value(self, key_value_id: str) -> None:
        self._call("drop_key_value", key_value_id)

    def key_value_url(self, _key_value_id: str) -> str:
        return "redis://127.0.0.1:6666"

    def fetch_image(self, image: str, credential: Any, log: Callable[[str], None]) -> Release:
        self._call("fetch_image", image, credential)
        log(f"pulled {image}")
        return Release(self.folder, ("serve",), {"FROM_IMAGE": "1"}, image.partition("@")[2] or DIGEST, None)

    def branch_head(self, _repo: str, branch: str) -> str | None:
        return self.branches.get(branch)

    def commit_message(self, commit: str) -> str:
        if commit not in self.branches.values():
            raise RuntimeFailure("no such commit")
        return "Change something"

    def build(self, **settings: Any) -> Release:
        self._call("build", settings["service_id"], settings, cancel=settings["deploy_id"])
        return Release(self.folder, (), {}, None, settings["commit"])

    def build_static(self, **settings: Any) -> Path:
        self._call("build_static", settings["service_id"], settings, cancel=settings["deploy_id"])
        return self.folder

    def forget_releases(self, used: Collection[Path]) -> None:
        self._call("forget_releases", sorted(used))

    def run_once(self, service_id: str, release: Release, command: Any, env: Any, **settings: Any) -> int:
        self._call("run_once", service_id, (command, env, settings["run_id"]), cancel=settings["run_id"])
        return self.exit_code

    def start_instances(
        self, service_id: str, deploy_id: str, release: Release, command: Any, env: Any, **settings: Any
    ) -> None:
        self._call("start_instances", service_id, (deploy_id, command, env, settings), cancel=deploy_id)

    def switch(self, service_id: str, deploy_id: str) -> None:
        self._call("switch", service_id, deploy_id)
        self.running[service_id] = deploy_id

    def cancel(self, service_id: str, deploy_id: str) -> None:
        self._canceled.add(deploy_id)

    def stop_service(self, service_id: str) -> None:
        self._call("stop_service", service_id)
        self.running.pop(service_id, None)

    def serve_static(self, service_id: str, folder: Path, *, routes: Any, headers: Any) -> None:
        self._call("serve_static", service_id, (list(routes), list(headers)))

    def instances(self, service_id: str) -> list[dict[str, Any]]:
        deploy = self.running.get(service_id)
        return [{"id": f"{service_id}-1", "since": "2026-01-01T00:00:00Z", "deploy_id": deploy}] if deploy else []

    def url(self, service_id: str) -> str:
        return f"http://127.0.0.1:{20000 + sum(service_id.encode()) % 1000}"

    def set_slug(self, service_id: str, slug: str, custom_domains: Mapping[str, str]) -> None:
        self._call("set_slug", service_id, (slug, custom_domains))

    def set_maintenance(self, service_id: str, enabled: bool, uri: str) -> None:
        self._call("set_maintenance", service_id, (enabled, uri))

    def remove_service(self, service_id: str) -> None:
        self._call("remove_service", service_id)

    def append_log(self, service_id: str, text: str, *, type: Any, instance: str) -> None:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{time.time_ns() % 10**9:09d}Z"
        self.lines[service_id].append(LogLine(stamp, text, instance, type))

    def read_logs(self, service_id: str, *, limit: int, since: str | None = None) -> list[LogLine]:
        return self.lines[service_id][-limit:]

    def called(self, name: str) -> list[Any]:
        """The arguments of every call of that name."""
        return [arguments for known, arguments in list(self.calls) if known == name]

    def _call(self, name: str, *arguments: Any, cancel: str = "") -> None:
        self.calls.append((name, arguments))
        event = self.held.get(name)
        deadline = time.monotonic() + 20
        while event and not event.wait(0.01):
            if cancel in self._canceled:
                raise RuntimeFailure("canceled")
            assert time.monotonic() < deadline, f"{name} was held for ever"
        if name in self.failing:
            raise RuntimeFailure(self.failing[name], ["last line"])


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
    render = LocalRender(Store(folder / "api.sqlite"), runtime, IDENTITY)
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
