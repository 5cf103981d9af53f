"""Key value stores: one Valkey process each, data in a folder of its own."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from pathlib import Path

from localcloud.machine import paths, process, servers
from localcloud.machine.ports import HOST, check_free, port
from localcloud.render.runtime.failures import RuntimeFailure, explained, last_lines
from localcloud.render.runtime.values import KeyValueSettings
from localcloud.render.runtime.watchdog import Watchdog

START_SECONDS = 30.0
MAXMEMORY = "64mb"
POLICIES = {f"{kept}_{order}" for kept in ("allkeys", "volatile") for order in ("lru", "lfu", "random")} | {
    "noeviction",
    "volatile_ttl",
}


class ValkeyStores:
    """Every key value store of this machine."""

    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        self._lock = threading.Lock()
        self._settings: dict[str, list[str]] = {}

    def open(self) -> None:
        """Nothing is shared by stores: each is started by itself."""

    def close(self) -> None:
        """End every store, also those that a predecessor started."""
        for store in process.running():
            if store.name.startswith("key-value-"):
                self._end(store.name.removeprefix("key-value-"))

    def start(self, store: KeyValueSettings) -> None:
        """Start it, or start it again when its settings have changed; return once it answers."""
        settings, name = _settings(store), _name(store.id)
        if process.find(name) and self._settings.get(store.id) == settings:
            return
        self._end(store.id)
        with self._lock:
            self._settings[store.id] = settings
        self._spawn(store.id)
        self._watchdog.watch(name, lambda: process.find(name) is not None, lambda: self._spawn(store.id))

    def stop(self, store_id: str) -> None:
        """End it; what it has stored stays."""
        self._end(store_id)

    def drop(self, store_id: str) -> None:
        """End it and delete what it has stored."""
        self._end(store_id)
        shutil.rmtree(paths.folder("render", "key-value") / store_id, ignore_errors=True)

    def url(self, store_id: str) -> str:
        """The connection string, the same for good."""
        return f"redis://{HOST}:{port(_name(store_id))}"

    def _end(self, store_id: str) -> None:
        name = _name(store_id)
        self._watchdog.forget(name)
        with self._lock:
            self._settings.pop(store_id, None)
        server = process.find(name)
        if server:
            process.stop(server)

    def _spawn(self, store_id: str) -> None:
        name = _name(store_id)
        log = paths.folder("render", "logs") / f"{name}.log"
        with self._lock:
            settings = self._settings.get(store_id)
        if settings is None:
            return
        with explained(f"cannot start {store_id}"):
            check_free(name)
            folder = paths.folder("render", "key-value", store_id)
            folder.chmod(0o700)
            log.unlink(missing_ok=True)
            argv = [str(_server()), "--bind", HOST, "--port", str(port(name)), "--dir", str(folder)]
            argv += ["--daemonize", "no", "--loglevel", "warning", "--databases", "16", *settings]
            process.spawn(name, argv, log=log, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, cwd=folder)
            self._wait(name, log)

    def _wait(self, name: str, log: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if _answers(port(name)):
                return
            if process.find(name) is None:
                raise RuntimeFailure(f"{name} ended while it started", last_lines(log))
            time.sleep(0.02)
        raise RuntimeFailure(f"{name} was not ready in {START_SECONDS:g} s", last_lines(log))


def _settings(store: KeyValueSettings) -> list[str]:
    if store.maxmemory_policy not in POLICIES:
        raise RuntimeFailure(f"cannot start {store.id}: there is no maxmemory policy {store.maxmemory_policy}")
    settings = ["--maxmemory", MAXMEMORY, "--maxmemory-policy", store.maxmemory_policy.replace("_", "-")]
    if store.persistence:
        return [*settings, "--appendonly", "yes", "--save", "300 10"]
    return [*settings, "--appendonly", "no", "--save", ""]


def _name(store_id: str) -> str:
    return f"key-value-{store_id}"


def _server() -> Path:
    program = servers.valkey()
    if program is None:
        raise RuntimeFailure("there is no Valkey and no Redis on this machine")
    return program


def _answers(number: int) -> bool:
    """Whether it serves: while it loads its data it accepts connections but says LOADING."""
    try:
        with socket.create_connection((HOST, number), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False
