"""Caddy's whole configuration (JSON) for one service, and for the shared server that knows all by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from localcloud.machine.ports import HOST
from localcloud.render.runtime.edge import state, static_site
from localcloud.render.runtime.edge.pages import MAINTENANCE, NO_INSTANCE, NOT_FOUND
from localcloud.render.runtime.edge.sites import Site

Json = dict[str, Any]
RETRY = "5s"
CONDITIONS = ["If-None-Match", "If-Modified-Since", "Range"]


def service(site: Site, *, port: int, admin: Path) -> Json:
    """The server of one service, on its own port."""
    folder = state.folder(site.service_id)
    under_maintenance = [{"file": {"root": str(folder), "try_files": [state.MAINTENANCE]}}]
    live = [{"file": {"root": str(folder), "try_files": [state.LIVE]}}]
    routes: list[Json] = [{"match": under_maintenance, "handle": [_maintenance(site)], "terminal": True}]
    failed: list[Json] = [_kept_page(folder)]
    failed.append({"match": under_maintenance, "handle": [_maintenance_page()], "terminal": True})
    if site.static:
        files = str(folder / state.FILES)
        published = [{"file": {"root": str(folder), "try_files": [f"{state.FILES}/"]}}]
        subroute = {"handler": "subroute", "routes": static_site.routes(site.static, files)}
        routes.append({"match": published, "handle": [subroute], "terminal": True})
        failed += static_site.errors(files)
    else:
        routes.append({"match": live, "handle": [_instances(site)], "terminal": True})
        failed.append({"handle": [_page("{http.error.status_code}", NO_INSTANCE)]})
    routes.append({"handle": [_page(502, NO_INSTANCE)]})
    return _whole("service", port, admin, routes, failed)


def shared(sites: Sequence[Site], ports: Mapping[str, int], *, port: int, admin: Path) -> Json:
    """The server that leads from a slug or a custom domain to the service."""
    routes: list[Json] = []
    for site in sites:
        if site.slug:
            there = f"http://{HOST}:{ports[site.service_id]}{{http.request.uri}}"
            answer = {"handler": "static_response", "status_code": 308, "headers": {"Location": [there]}}
            routes.append({"match": [{"host": [f"{site.slug}.localhost"]}], "handle": [answer], "terminal": True})
        for name, target in site.redirects.items():
            there = f"http://{target}:{port}{{http.request.uri}}"
            answer = {"handler": "static_response", "status_code": 301, "headers": {"Location": [there]}}
            routes.append({"match": [{"host": [name]}], "handle": [answer], "terminal": True})
        if site.domains:
            forward = {
                "handler": "reverse_proxy",
                "upstreams": [{"dial": f"{HOST}:{ports[site.service_id]}"}],
                "load_balancing": {"try_duration": RETRY, "try_interval": "100ms"},
                "flush_interval": -1,
            }
            routes.append({"match": [{"host": list(site.domains)}], "handle": [forward], "terminal": True})
    routes.append({"handle": [_page(404, NOT_FOUND)]})
    return _whole("edge", port, admin, routes, [{"handle": [_page("{http.error.status_code}", NO_INSTANCE)]}])


def _whole(name: str, port: int, admin: Path, routes: list[Json], errors: list[Json]) -> Json:
    server = {
        "listen": [f"{HOST}:{port}"],
        "protocols": ["h1"],
        "automatic_https": {"disable": True},
        # The shared server stands before a service's own: what it says of the client is believed.
        "trusted_proxies": {"source": "static", "ranges": ["127.0.0.1/32"]},
        "routes": routes,
        "errors": {"routes": errors},
    }
    return {
        "admin": {"listen": f"unix/{admin}|0600", "config": {"persist": False}},
        "logging": {"logs": {"default": {"level": "ERROR", "exclude": ["http.log.error"]}}},
        "apps": {"http": {"servers": {name: server}, "grace_period": "300s"}},
    }


def _instances(site: Site) -> Json:
    slots = [state.slot(site.service_id, number) for number in range(state.SLOTS)]
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": f"{{file.{slot}}}"} for slot in slots],
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


def _maintenance(site: Site) -> Json:
    if not site.maintenance_uri:
        return _maintenance_page()
    parts = urlsplit(site.maintenance_uri)
    handler = static_site.proxy(site.maintenance_uri)
    handler["headers"]["request"]["delete"] = [*CONDITIONS, "Cookie", "Authorization"]
    handler["rewrite"] = {"method": "GET", "uri": (parts.path or "/") + (f"?{parts.query}" if parts.query else "")}
    fixed = {"handler": "headers", "response": {"set": {"Retry-After": ["300"], "Cache-Control": ["no-store"]}}}
    copied: list[Json] = [{"handle": [fixed, {"handler": "copy_response", "status_code": 503}]}]
    broken: list[Json] = [{"handle": [{"handler": "error", "status_code": 503}]}]
    handler["handle_response"] = [
        {"match": {"status_code": [2]}, "routes": copied},
        {"routes": broken},  # the page itself is broken: ours is shown
    ]
    return handler


def _kept_page(folder: Path) -> Json:
    """The page as it was when maintenance began: its server does not answer."""
    said = {"Retry-After": ["300"], "Cache-Control": ["no-store"]}
    whole = {"handler": "headers", "request": {"delete": CONDITIONS}, "response": {"set": said}}
    page = {"handler": "rewrite", "method": "GET", "uri": f"/{state.PAGE}"}
    files = {"handler": "file_server", "root": str(folder), "status_code": "503"}
    kept = {"file": {"root": str(folder), "try_files": [state.PAGE]}}
    return {"match": [kept], "handle": [whole, page, files], "terminal": True}


def _maintenance_page() -> Json:
    return _page(503, MAINTENANCE, {"Retry-After": ["300"]})


def _page(status: int | str, body: str, headers: Mapping[str, list[str]] | None = None) -> Json:
    fixed = {"Content-Type": ["text/html; charset=utf-8"], "Cache-Control": ["no-store"]}
    return {
        "handler": "static_response",
        "status_code": status,
        "headers": {**fixed, **(headers or {})},
        "body": body,
    }
