"""The edge's whole configuration (Caddy's JSON), from what it is to serve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from localcloud.ports import HOST
from localcloud.render.runtime import static_site
from localcloud.render.runtime.edge_sites import Site
from localcloud.render.runtime.pages import MAINTENANCE, NO_INSTANCE, NOT_FOUND

Json = dict[str, Any]
RETRY = "5s"


def configuration(
    sites: Sequence[Site], ports: Mapping[str, int], *, shared_port: int, admin: Path, upstreams: Path
) -> Json:
    """One server for each service on its own port, and the shared one that knows them by name."""
    servers = {"edge": _server(shared_port, _shared(sites, ports, upstreams))}
    for site in sites:
        servers[site.service_id] = _server(ports[site.service_id], [{"handle": [_site(site, upstreams)]}])
    return {
        "admin": {"listen": f"unix/{admin}|0600", "config": {"persist": False}},
        "logging": {"logs": {"default": {"level": "ERROR", "exclude": ["http.log.error"]}}},
        "apps": {"http": {"servers": servers, "grace_period": "300s"}},
    }


def slot(upstreams: Path, service_id: str, number: int) -> Path:
    """The file that holds the address of a service's instance.

    The edge reads it for each request: a switch is a file replaced, not a configuration loaded, so that no
    connection of a client is closed by it.
    """
    return upstreams / f"{service_id}.{number}"


def _server(port: int, routes: list[Json]) -> Json:
    return {
        "listen": [f"{HOST}:{port}"],
        "protocols": ["h1"],
        "automatic_https": {"disable": True},
        "routes": routes,
    }


def _shared(sites: Sequence[Site], ports: Mapping[str, int], upstreams: Path) -> list[Json]:
    routes: list[Json] = []
    for site in sites:
        if site.slug:
            there = f"http://{HOST}:{ports[site.service_id]}{{http.request.uri}}"
            answer = {"handler": "static_response", "status_code": 308, "headers": {"Location": [there]}}
            routes.append({"match": [{"host": [f"{site.slug}.localhost"]}], "handle": [answer], "terminal": True})
        if site.domains:
            match = [{"host": list(site.domains)}]
            routes.append({"match": match, "handle": [_site(site, upstreams)], "terminal": True})
    routes.append({"handle": [_page(404, NOT_FOUND)]})
    return routes


def _site(site: Site, upstreams: Path) -> Json:
    if site.maintenance:
        routes, errors = _maintenance(site), [{"handle": [_page(503, MAINTENANCE, {"Retry-After": ["300"]})]}]
    elif site.static:
        routes, errors = static_site.routes(site.static), static_site.errors(site.static)
    elif site.slots:
        routes = [{"handle": [_instances(site, upstreams)]}]
        errors = [{"handle": [_page("{http.error.status_code}", NO_INSTANCE)]}]
    else:
        routes, errors = [{"handle": [_page(502, NO_INSTANCE)]}], []
    return {"handler": "subroute", "routes": routes, **({"errors": {"routes": errors}} if errors else {})}


def _instances(site: Site, upstreams: Path) -> Json:
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": f"{{file.{slot(upstreams, site.service_id, n)}}}"} for n in range(site.slots)],
        # A refused connection was never a request: it is tried again, perhaps with another instance.
        "load_balancing": {
            "selection_policy": {"policy": "round_robin"},
            "try_duration": RETRY,
            "try_interval": "100ms",
        },
        # A connection for each request: an instance without connections is idle, and may end.
        "transport": {"protocol": "http", "keep_alive": {"enabled": False}, "dial_timeout": "3s"},
        "flush_interval": -1,
    }


def _maintenance(site: Site) -> list[Json]:
    if not site.maintenance_uri:
        return [{"handle": [_page(503, MAINTENANCE, {"Retry-After": ["300"]})]}]
    parts = urlsplit(site.maintenance_uri)
    handler = static_site.proxy(site.maintenance_uri)
    handler["headers"]["request"]["delete"] = [
        "If-None-Match",
        "If-Modified-Since",
        "Range",
        "Cookie",
        "Authorization",
    ]
    handler["rewrite"] = {"method": "GET", "uri": (parts.path or "/") + (f"?{parts.query}" if parts.query else "")}
    retry = {"handler": "headers", "response": {"set": {"Retry-After": ["300"], "Cache-Control": ["no-store"]}}}
    copied: list[Json] = [{"handle": [retry, {"handler": "copy_response", "status_code": 503}]}]
    broken: list[Json] = [{"handle": [{"handler": "error", "status_code": 503}]}]
    handler["handle_response"] = [
        {"match": {"status_code": [2]}, "routes": copied},
        {"routes": broken},  # the page itself is broken: ours is shown
    ]
    return [{"handle": [handler]}]


def _page(status: int | str, body: str, headers: Mapping[str, list[str]] | None = None) -> Json:
    fixed = {"Content-Type": ["text/html; charset=utf-8"], "Cache-Control": ["no-store"]}
    return {
        "handler": "static_response",
        "status_code": status,
        "headers": {**fixed, **(headers or {})},
        "body": body,
    }
