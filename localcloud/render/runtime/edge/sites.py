"""What the edge serves for each service, kept on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from localcloud.machine import paths
from localcloud.render.runtime.values import StaticRules


@dataclass(frozen=True)
class Site:
    """One service as the edge sees it. Only a public one, which has had instances or files, has a server."""

    service_id: str
    public: bool = False
    slug: str = ""
    domains: tuple[str, ...] = ()
    redirects: Mapping[str, str] = field(default_factory=dict)  # from a domain to one that serves
    maintenance: bool = False
    maintenance_uri: str = ""
    static: StaticRules | None = None  # its folder is a link, replaced when it is deployed


def load() -> dict[str, Site]:
    """The sites of the last run."""
    try:
        content = json.loads(_file().read_text())
    except FileNotFoundError:
        return {}
    return {entry["service_id"]: _site(entry) for entry in content}


def save(sites: Mapping[str, Site]) -> None:
    """Keep them."""
    content = json.dumps([asdict(site) for site in sites.values()], indent=1)
    paths.write_atomically(_file(), content.encode())


def _site(entry: dict[str, Any]) -> Site:
    static = entry.pop("static")
    entry.pop("slots", None)  # how many a checkout of before had
    entry["domains"] = tuple(entry["domains"])
    rules = StaticRules(tuple(static["routes"]), tuple(static["headers"])) if static else None
    return Site(**{**entry, "static": rules})


def _file() -> Path:
    return paths.folder("render", "edge") / "sites.json"
