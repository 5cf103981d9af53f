"""A runtime that runs nothing, for tests of the Render API alone."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import (
    Build,
    Crash,
    Credential,
    Database,
    InstanceStatus,
    KeyValueSettings,
    Launch,
    Log,
    LogLine,
    LogType,
    Recovery,
    Release,
    Run,
    StaticRules,
)

HEAD = "a" * 40
DIGEST = "sha256:" + "b" * 64


class FakeRuntime:
    """Remembers what its six parts were told; `failing` and `held` say which calls fail or wait."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls: list[tuple[str, Any]] = []
        self.branches = {"main": HEAD, "develop": HEAD}
        self.failing: dict[str, str] = {}
        self.held: dict[str, threading.Event] = {}
        self.exit_code = 0
        self.running: dict[str, str] = {}
        self.canceled: set[str] = set()
        self.hear: Callable[[Crash | Recovery], None] = lambda news: None
        self.logs = FakeLogs(self)
        self.runtime = Runtime(
            databases=FakeDatabases(self),
            key_values=FakeKeyValues(self),
            releases=FakeReleases(self),
            instances=FakeInstances(self),
            edge=FakeEdge(self),
            logs=self.logs,
        )

    def called(self, name: str) -> list[Any]:
        """The arguments of every call of that name."""
        return [arguments for known, arguments in list(self.calls) if known == name]

    def call(self, name: str, *arguments: Any, cancel: str = "") -> None:
        """Remember a call, and wait or fail as told."""
        self.calls.append((name, arguments))
        event = self.held.get(name)
        deadline = time.monotonic() + 20
        while event and not event.wait(0.01):
            if cancel in self.canceled:
                raise RuntimeFailure("canceled")
            assert time.monotonic() < deadline, f"{name} was held for ever"
        if name in self.failing:
            raise RuntimeFailure(self.failing[name], ["last line"])

    def release(self) -> None:
        """Let go what is held, for the end."""
        for event in self.held.values():
            event.set()


class FakePart:
    """What the six have in common."""

    def __init__(self, fake: FakeRuntime) -> None:
        self.fake = fake

    def open(self) -> None: ...

    def close(self) -> None:
        self.fake.release()


class FakeDatabases(FakePart):
    def versions(self) -> tuple[str, ...]:
        return ("16", "18")

    def create(self, database: Database) -> None:
        self.fake.call("create_postgres", database.id, database)

    def drop(self, database_id: str) -> None:
        self.fake.call("drop_postgres", database_id)

    def suspend(self, database_id: str) -> None:
        self.fake.call("suspend_postgres", database_id)

    def resume(self, database_id: str) -> None:
        self.fake.call("resume_postgres", database_id)

    def url(self, database: Database) -> str:
        return f"postgresql://{database.user}:{database.password}@127.0.0.1:5555/{database.name}"


class FakeKeyValues(FakePart):
    def start(self, store: KeyValueSettings) -> None:
        self.fake.call("start_key_value", store.id, vars(store))

    def stop(self, store_id: str) -> None:
        self.fake.call("stop_key_value", store_id)

    def drop(self, store_id: str) -> None:
        self.fake.call("drop_key_value", store_id)

    def url(self, store_id: str) -> str:
        del store_id
        return "redis://127.0.0.1:6666"


class FakeReleases(FakePart):
    def fetch(self, image: str, credential: Credential | None, log: Log) -> Release:
        self.fake.call("fetch_image", image, credential)
        log(f"pulled {image}")
        return Release(self.fake.folder, ("serve",), {"FROM_IMAGE": "1"}, image.partition("@")[2] or DIGEST, None)

    def has(self, release: Release) -> bool:
        return release.folder.exists()

    def branch_head(self, repo: str, branch: str) -> str | None:
        del repo
        return self.fake.branches.get(branch)

    def commit_message(self, commit: str) -> str:
        if commit not in self.fake.branches.values():
            raise RuntimeFailure("no such commit")
        return "Change something"

    def build(self, build: Build, log: Log) -> Release:
        del log
        self.fake.call("build", build.service_id, vars(build), cancel=build.deploy_id)
        return Release(self.fake.folder, (), {}, None, build.commit)

    def forget_unused(self, used: Collection[Path]) -> None:
        self.fake.call("forget_releases", sorted(used))

    def cancel(self, service_id: str, deploy_id: str) -> None:
        del service_id
        self.fake.canceled.add(deploy_id)

    def remove(self, service_id: str) -> None: ...


class FakeInstances(FakePart):
    def listen(self, hear: Callable[[Crash | Recovery], None]) -> None:
        self.fake.hear = hear

    def start(self, launch: Launch) -> None:
        what = (launch.deploy_id, launch.command, launch.env, vars(launch))
        self.fake.call("start_instances", launch.service_id, what, cancel=launch.deploy_id)

    def switch(self, service_id: str, deploy_id: str) -> None:
        self.fake.call("switch", service_id, deploy_id)
        self.fake.running[service_id] = deploy_id

    def run(self, run: Run, log: Log) -> int:
        del log
        self.fake.call("run_once", run.service_id, (run.command, run.env, run.run_id), cancel=run.run_id)
        return self.fake.exit_code

    def cancel(self, service_id: str, operation_id: str) -> None: ...

    def stop(self, service_id: str) -> None:
        self.fake.call("stop_service", service_id)
        self.fake.running.pop(service_id, None)

    def of(self, service_id: str) -> list[InstanceStatus]:
        deploy_id = self.fake.running.get(service_id)
        since = "2026-01-01T00:00:00Z"
        return [InstanceStatus(f"{service_id}-1", deploy_id, 1, None, True, since, 0)] if deploy_id else []

    def rename(self, service_id: str, subject: str) -> None:
        self.fake.call("rename", service_id, subject)

    def remove(self, service_id: str) -> None:
        self.fake.call("remove_service", service_id)


class FakeEdge(FakePart):
    def url(self, service_id: str) -> str:
        return f"http://127.0.0.1:{20000 + sum(service_id.encode()) % 1000}"

    def set_names(self, service_id: str, slug: str, domains: Mapping[str, str]) -> None:
        self.fake.call("set_slug", service_id, (slug, domains))

    def set_maintenance(self, service_id: str, enabled: bool, uri: str) -> None:
        self.fake.call("set_maintenance", service_id, (enabled, uri))

    def serve_static(self, service_id: str, folder: Path, rules: StaticRules) -> None:
        del folder
        self.fake.call("serve_static", service_id, (list(rules.routes), list(rules.headers)))

    def remove(self, service_id: str) -> None: ...


class FakeLogs(FakePart):
    def __init__(self, fake: FakeRuntime) -> None:
        super().__init__(fake)
        self.lines: dict[str, list[LogLine]] = defaultdict(list)

    def append(self, service_id: str, text: str, *, type: LogType, instance: str) -> None:
        seconds, rest = divmod(time.time_ns(), 10**9)  # of one reading: two are of two seconds now and then
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest:09d}Z"
        self.lines[service_id].append(LogLine(stamp, text, instance, type))

    def read(self, service_id: str, *, limit: int, since: str | None = None) -> list[LogLine]:
        del since
        return self.lines[service_id][-limit:]

    def remove(self, service_id: str) -> None: ...
