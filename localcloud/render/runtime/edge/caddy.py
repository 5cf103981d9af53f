"""One Caddy process with its admin socket."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from localcloud.machine import paths, process, servers
from localcloud.machine.ports import check_free
from localcloud.render.runtime.failures import RuntimeFailure, explained, last_lines
from localcloud.render.runtime.watchdog import Watchdog

START_SECONDS = 30.0
LONGEST_SOCKET = 100  # the kernel's limit is 108 bytes, the end included


class Caddy:
    """A server that listens on one kept port, named as its process is."""

    def __init__(self, name: str, port_name: str, folder: Path, watchdog: Watchdog) -> None:
        self.name = name
        self._port_name = port_name
        self._folder = folder
        self._watchdog = watchdog
        self._lock = threading.RLock()
        self._loaded: dict[str, Any] | None = None

    @property
    def socket(self) -> Path:
        """Where it takes its configuration: in its folder, or where paths are short."""
        usual = self._folder / "admin.sock"
        if len(os.fsencode(usual)) <= LONGEST_SOCKET:
            return usual
        return short_folder() / f"{hashlib.sha256(os.fsencode(usual)).hexdigest()[:16]}.sock"

    def serve(self, configuration: dict[str, Any]) -> None:
        """Serve this: start with it, load it, or do nothing when it is what is served."""
        with self._lock:
            if self._loaded == configuration and process.find(self.name):
                return
            body = json.dumps(configuration, indent=1).encode()
            with explained(f"cannot change {self.name}"):
                if self._loaded is not None and process.find(self.name):
                    status, said = self._ask("POST", "/load", body)
                    if status != http.client.OK:
                        raise RuntimeFailure(f"{self.name} refuses its new configuration: {said}")
                    self._keep(body)
                else:
                    self._keep(body)
                    self._spawn()
            self._loaded = configuration
        self._watchdog.watch(self.name, lambda: process.find(self.name) is not None, self._spawn)

    def stop(self) -> None:
        """End it, also one that a predecessor started."""
        self._watchdog.forget(self.name)
        with self._lock:
            running = process.find(self.name)
            if running:
                process.stop(running, seconds=5)
            self._loaded = None
            self.socket.unlink(missing_ok=True)

    def _keep(self, body: bytes) -> None:
        paths.write_atomically(self._folder / "caddy.json", body)

    def _spawn(self) -> None:
        log = paths.folder("render", "logs") / f"{self.name}.log"
        with self._lock, explained(f"cannot start {self.name}"):
            left = process.find(self.name)
            if left:
                process.stop(left, seconds=5)
            check_free(self._port_name)
            self.socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.socket.parent.chmod(0o700)
            self.socket.unlink(missing_ok=True)
            log.unlink(missing_ok=True)
            env = {
                "PATH": "/usr/bin:/bin",
                "HOME": str(self._folder),
                "XDG_DATA_HOME": str(self._folder / "data"),
                "XDG_CONFIG_HOME": str(self._folder / "data"),
                "GOMEMLIMIT": "32MiB",
                "GOGC": "50",
            }
            argv = [str(_program()), "run", "--config", str(self._folder / "caddy.json")]
            process.spawn(self.name, argv, log=log, env=env, cwd=self._folder)
            deadline = time.monotonic() + START_SECONDS
            while not self._ready():
                if process.find(self.name) is None:
                    raise RuntimeFailure(f"{self.name} ended while it started", last_lines(log))
                if time.monotonic() > deadline:
                    raise RuntimeFailure(f"{self.name} was not ready in {START_SECONDS:g} s", last_lines(log))
                time.sleep(0.02)

    def _ready(self) -> bool:
        try:
            return self._ask("GET", "/config/")[0] == http.client.OK
        except (OSError, http.client.HTTPException):
            return False

    def _ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str]:
        connection = _UnixConnection(self.socket)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            response = connection.getresponse()
            return response.status, response.read().decode(errors="replace").strip()
        finally:
            connection.close()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=30)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def short_folder() -> Path:
    """Where sockets are when the checkout's own path is too long for one."""
    checkout = hashlib.sha256(os.fsencode(paths.checkout())).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"slipway-{os.geteuid()}-{checkout}"
    if folder.is_symlink() or (folder.exists() and folder.stat().st_uid != os.geteuid()):
        raise RuntimeFailure(f"cannot use {folder} for sockets: it belongs to somebody else")
    return folder


def _program() -> Path:
    program = servers.caddy()
    if program is None:
        raise RuntimeFailure("cannot start the edge: there is no Caddy on this machine")
    return program
