"""A static site in the edge's configuration: files first, then Render's redirects and rewrites, then a 404."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from localcloud.render.runtime.edge.pages import NOT_FOUND
from localcloud.render.runtime.values import StaticRules

Json = dict[str, Any]
FILE = "{http.request.uri.path}"


def routes(static: StaticRules, root: str) -> list[Json]:
    """What handles a request, in order. A rule is not applied where there is a file."""
    handlers: list[Json] = [{"handle": [{"handler": "encode", "encodings": {"gzip": {}}, "prefer": ["gzip"]}]}]
    for header in static.headers:
        setting = {"handler": "headers", "response": {"set": {header["name"]: [header["value"]]}, "deferred": True}}
        handlers.append({"match": [{"path": [header["path"]]}], "handle": [setting]})
    files = _files(root)
    exists = {"file": {"root": root, "try_files": [FILE, f"{FILE}/index.html"]}}
    handlers.append({"match": [exists], "handle": [files], "terminal": True})
    for number, rule in enumerate(static.routes):
        handlers.append(_rule(f"rule{number}", rule, files))
    handlers.append({"handle": [{"handler": "error", "status_code": 404}]})
    return handlers


def errors(root: str) -> list[Json]:
    """What is shown for an error: the site's own 404.html where it has one."""
    own = {
        "file": {"root": root, "try_files": ["/404.html"]},
        "expression": "{http.error.status_code} == 404",
    }
    rewrite = {"handler": "rewrite", "uri": "/404.html"}
    files = {**_files(root), "status_code": "404"}
    answer = {
        "handler": "static_response",
        "status_code": "{http.error.status_code}",
        "headers": {"Content-Type": ["text/html; charset=utf-8"]},
        "body": NOT_FOUND,
    }
    return [{"match": [own], "handle": [rewrite, files], "terminal": True}, {"handle": [answer]}]


def proxy(url: str, *, host: str | None = None) -> Json:
    """A reverse proxy to another server, which sees its own name as Host."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    number = parts.port or (443 if secure else 80)
    transport: Json = {"protocol": "http", "dial_timeout": "5s"}
    if secure:
        transport["tls"] = {}
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": f"{parts.hostname}:{number}"}],
        "transport": transport,
        "headers": {"request": {"set": {"Host": [host or parts.netloc]}}},
    }


def _files(root: str) -> Json:
    return {"handler": "file_server", "root": root, "canonical_uris": False}


def _rule(name: str, rule: Mapping[str, str], files: Json) -> Json:
    pattern, captures = _pattern(rule["source"])
    destination = _fill(rule["destination"], {key: f"{{http.regexp.{name}.{at}}}" for key, at in captures.items()})
    match = {"path_regexp": {"name": name, "pattern": pattern}}
    external = destination.startswith(("http://", "https://"))
    if rule["type"] == "redirect":
        answer = {"handler": "static_response", "status_code": 301, "headers": {"Location": [destination]}}
        return {"match": [match], "handle": [answer], "terminal": True}
    if external:
        scheme, _, rest = destination.partition("://")
        host, _, path = rest.partition("/")
        rewrite = {"handler": "rewrite", "uri": f"/{path}"}
        return {"match": [match], "handle": [rewrite, proxy(f"{scheme}://{host}")], "terminal": True}
    rewrite = {"handler": "rewrite", "uri": destination}
    return {"match": [match], "handle": [rewrite, files], "terminal": True}


def _pattern(source: str) -> tuple[str, dict[str, int]]:
    """A regular expression for a source with `*` and `:name`, and the place of each in it."""
    captures: dict[str, int] = {}
    pattern = ""
    for part in re.split(r"(\*|:[A-Za-z_]\w*)", source):
        if part == "*" or re.fullmatch(r":[A-Za-z_]\w*", part):
            captures[part] = len(captures) + 1
            pattern += "(.*)" if part == "*" else "([^/]+)"
        else:
            pattern += re.escape(part)
    return f"^{pattern}$", captures


def _fill(destination: str, values: Mapping[str, str]) -> str:
    scheme = re.match(r"https?://[^/]*", destination)
    start = scheme[0] if scheme else ""  # a port is no placeholder
    rest = re.sub(r"\*|:[A-Za-z_]\w*", lambda match: values.get(match[0], match[0]), destination[len(start) :])
    return start + rest
