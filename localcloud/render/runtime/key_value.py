"""Key value stores: one Valkey process each, data in a folder of its own."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from pathlib import Path

from localcloud.machine import paths, process, servers
from localcloud.machine.ports import HOST, check_free, port
from localcloud.render.runtime.failures import explained, last_lines
from localcloud.render.runtime.keeper import Keeper
from localcloud.render.runtime_protocol import RuntimeFailure

START_SECONDS = 30.0
MAXMEMORY = "64mb"
POLICIES = {f"{kept}_{order}" for kept in ("allkeys", "volatile") for order in ("lru", "lfu", "random")} | {
    "noeviction",
    "volatile_ttl",
}


class KeyValues:
    """Every key value store of this machine."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._lock = threading.Lock()
        self._settings: dict[str, list[str]] = {}

    def start(self, key_value_id: str, *, maxmemory_policy: str, persistence: bool) -> None:
        """Start it, or start it again when its settings have changed; return once it answers."""
        if maxmemory_policy not in POLICIES:
            raise RuntimeFailure(f"cannot start {key_value_id}: there is no maxmemory policy {maxmemory_policy}")
        settings = ["--maxmemory", MAXMEMORY, "--maxmemory-policy", maxmemory_policy.replace("_", "-")]
        if persistence:
            settings += ["--appendonly", "yes", "--save", "300 10"]
        else:
            settings += ["--appendonly", "no", "--save", ""]
        name = _name(key_value_id)
        if process.find(name) and self._settings.get(key_value_id) == settings:
            return
        self._end(key_value_id)
        with self._lock:
            self._settings[key_value_id] = settings
        self._spawn(key_value_id)
        self._keeper.watch(name, lambda: process.find(name) is not None, lambda: self._spawn(key_value_id))

    def stop(self, key_value_id: str) -> None:
        """End it; what it has stored stays."""
        self._end(key_value_id)

    def drop(self, key_value_id: str) -> None:
        """End it and delete what it has stored."""
        self._end(key_value_id)
        shutil.rmtree(paths.folder("render", "key-value") / key_value_id, ignore_errors=True)

    def url(self, key_value_id: str) -> str:
        """The connection string, the same for good."""
        return f"redis://{HOST}:{port(_name(key_value_id))}"

    def stop_all(self) -> None:
        """End every store, also those that a predecessor started."""
        for found in process.running():
            if found.name.startswith("key-value-"):
                self._end(found.name.removeprefix("key-value-"))

    def _end(self, key_value_id: str) -> None:
        name = _name(key_value_id)
        self._keeper.forget(name)
        with self._lock:
            self._settings.pop(key_value_id, None)
        found = process.find(name)
        if found:
            process.stop(found)

    def _spawn(self, key_value_id: str) -> None:
        name = _name(key_value_id)
        log = paths.folder("render", "logs") / f"{name}.log"
        with self._lock:
            settings = self._settings.get(key_value_id)
        if settings is None:
            return
        with explained(f"cannot start {key_value_id}"):
            check_free(name)
            folder = paths.folder("render", "key-value", key_value_id)
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


def _name(key_value_id: str) -> str:
    return f"key-value-{key_value_id}"


def _server() -> Path:
    found = servers.valkey()
    if found is None:
        raise RuntimeFailure("there is no Valkey and no Redis on this machine")
    return found


def _answers(number: int) -> bool:
    """Whether it serves: while it loads its data it accepts connections but says LOADING."""
    try:
        with socket.create_connection((HOST, number), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False
