"""The edge: each public service has a Caddy of its own on its kept port, and one shared Caddy knows all by name.

One for each, because a change to one service must not touch a request of another: a Caddy that loads a new
configuration may lose requests (https://github.com/golang/go/issues/75591).
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from localcloud.machine import paths, process
from localcloud.machine.ports import HOST, port
from localcloud.render.runtime.edge import config, sites, state
from localcloud.render.runtime.edge.caddy import Caddy, short_folder
from localcloud.render.runtime.edge.pages import fetched
from localcloud.render.runtime.edge.sites import Site
from localcloud.render.runtime.failures import RuntimeFailure, explained
from localcloud.render.runtime.values import StaticRules
from localcloud.render.runtime.watchdog import Watchdog

NAME = "edge"


class CaddyEdge:
    """Changes take effect at once; all of it is known again after a restart."""

    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        self._lock = threading.RLock()
        self._started = False
        self._sites: dict[str, Site] = {}
        self._servers: dict[str, Caddy] = {}

    def open(self) -> None:
        """Start what was served before; no instance runs yet. May be called again."""
        with self._lock:
            if self._started:
                return
            _end_leftovers()
            self._started = True
            self._sites = sites.load()
            for site in self._sites.values():
                state.route(site.service_id, [])
                state.maintain(site.service_id, site.maintenance)
                self._serve(site)
            self._serve_shared()

    def close(self) -> None:
        """End all servers."""
        with self._lock:
            for server in self._servers.values():
                server.stop()
            self._servers = {}
            self._started = False
            _end_leftovers()
            shutil.rmtree(short_folder(), ignore_errors=True)

    def url(self, service_id: str) -> str:
        """The public URL of a service, the same for good."""
        return f"http://{HOST}:{_port(service_id)}"

    def add(self, service_id: str) -> None:
        """Make sure that a service has a server, which says 502 while nothing runs."""
        self._change(service_id, public=True)

    def route(self, service_id: str, ports: Sequence[int]) -> None:
        """Send the service's requests to these ports."""
        with self._lock, explained("cannot tell the edge about an instance"):
            state.route(service_id, ports)
            self._change(service_id, public=True, static=None)

    def unroute(self, service_id: str) -> None:
        """Serve nothing but an error page."""
        with self._lock:
            if service_id in self._sites:
                state.route(service_id, [])
                state.publish(service_id, None)

    def serve_static(self, service_id: str, folder: Path, rules: StaticRules) -> None:
        """Serve the files of a folder."""
        static = StaticRules(tuple(dict(rule) for rule in rules.routes), tuple(dict(rule) for rule in rules.headers))
        with self._lock, explained("cannot publish the files"):
            state.publish(service_id, folder)
            self._change(service_id, public=True, static=static)

    def set_names(self, service_id: str, slug: str, domains: Mapping[str, str]) -> None:
        """Give a service its slug and custom domains, each with the one that it redirects to, if any."""
        redirects = {name: target for name, target in domains.items() if target}
        self._change(
            service_id,
            slug=slug,
            domains=tuple(name for name in domains if name not in redirects),
            redirects=redirects,
        )

    def set_maintenance(self, service_id: str, enabled: bool, uri: str) -> None:
        """Put a service into maintenance or take it out."""
        page = fetched(uri) if enabled and uri else None
        with self._lock, explained("cannot change the maintenance mode"):
            state.keep_page(service_id, page)
            if enabled:
                self.add(service_id)
            self._change(service_id, maintenance=enabled, maintenance_uri=uri)
            state.maintain(service_id, enabled)

    def remove(self, service_id: str) -> None:
        """Forget a service."""
        with self._lock:
            server = self._servers.pop(service_id, None)
            if server:
                server.stop()
            if self._sites.pop(service_id, None):
                sites.save(self._sites)
                self._serve_shared()
            state.forget(service_id)

    def _change(self, service_id: str, **changes: Any) -> None:
        """Take over a change, or change nothing and raise."""
        with self._lock:
            if not self._started:
                raise RuntimeFailure("the edge does not run: the runtime was not started")
            before = self._sites.get(service_id)
            site = replace(before or Site(service_id), **changes)
            if site == before and (not site.public or service_id in self._servers):
                return
            self._serve(site)
            self._sites[service_id] = site
            sites.save(self._sites)
            self._serve_shared()

    def _serve(self, site: Site) -> None:
        if not site.public:
            return
        server = self._servers.get(site.service_id) or Caddy(
            f"{NAME}-{site.service_id}",
            f"service-{site.service_id}",
            state.folder(site.service_id),
            self._watchdog,
        )
        server.serve(config.service(site, port=_port(site.service_id), admin=server.socket))
        self._servers[site.service_id] = server

    def _serve_shared(self) -> None:
        server = self._servers.get("") or Caddy(NAME, NAME, paths.folder("render", "edge", "shared"), self._watchdog)
        named = [site for _, site in sorted(self._sites.items()) if site.slug or site.domains]
        ports = {site.service_id: _port(site.service_id) for site in named}
        server.serve(config.shared(named, ports, port=port(NAME), admin=server.socket))
        self._servers[""] = server


def _end_leftovers() -> None:
    for server in process.running():
        if server.name == NAME or server.name.startswith(f"{NAME}-"):
            process.stop(server, seconds=5)


def _port(service_id: str) -> int:
    return port(f"service-{service_id}")
